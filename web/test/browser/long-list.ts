import assert from 'node:assert/strict'
import { test } from './runner.ts'
import { open, stage } from './shared.ts'
import { setMode } from './seed.ts'

const LINES = 20_000
const BATCH = 1_000
/** Rows that stand in the page at once, whatever is scrolled to. */
const DRAWN_MAX = 120
const SCROLL_MS = 10_000

const MEASURE = `(() => {
  window.__tasks = []
  new PerformanceObserver((list) => window.__tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' })
})()`

test('a list of 20,000 lines is scrolled', async (t) => {
  await setMode('suggest')
  const account = (await stage.api('GET', '/bank-accounts')).body.data[0].id
  for (let from = 0; from < LINES; from += BATCH) {
    const { status, body } = await stage.api('POST', '/transactions/batch', {
      transactions: Array.from({ length: BATCH }, (_, n) => ({
        account_id: account,
        amount: `${1 + (n % 97)}.00`,
        currency: 'EUR',
        direction: 'debit',
        transaction_date: '2026-01-05',
        description: `Supplier ${from + n}`,
      })),
    })
    assert.ok(status < 300, JSON.stringify(body).slice(0, 300))
  }
  const { page, faults } = await open(t, '/transactions?direction=debit')
  await page.evaluate(MEASURE)
  await page.mouse.move(900, 600)
  const endsMs = performance.now() + SCROLL_MS
  let drawn = 0
  while (performance.now() < endsMs) {
    await page.mouse.wheel(0, 1_500)
    drawn = Math.max(drawn, await page.evaluate<number>("document.querySelectorAll('[role=rowgroup] > *').length"))
  }
  const rows = await page.evaluate<number>(
    "Math.max(...[...document.querySelectorAll('[aria-rowindex]')].map((row) => row.ariaRowIndex))",
  )
  const tasks = (await page.evaluate<number[]>('window.__tasks')).toSorted((a, b) => b - a)
  t.say(
    `scrolled to row ${rows} in ${SCROLL_MS / 1000} s; ${drawn} rows drawn at most; ${tasks.length} long tasks, the longest ${Math.round(tasks[0] ?? 0)} ms, together ${Math.round(tasks.reduce((sum, each) => sum + each, 0))} ms`,
  )
  assert.ok(rows > 500, `only ${rows} rows`)
  assert.ok(drawn < DRAWN_MAX, `${drawn} rows drawn`)
  assert.deepEqual(faults, [])
})
