import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { en } from '../../src/words/en/index.ts'
import { type Asked, test } from './runner.ts'
import { setMode } from './seed.ts'
import { open, stage } from './shared.ts'

const LINES = 20_000
const BATCH = 1_000
/** Rows that stand in the page at once, whatever is scrolled to. */
const DRAWN_MAX = 120
const SCROLL_MS = 6_000
/** The first page, and the two that can be in sight. */
const READ_MAX = 3

const MEASURE = `(() => {
  window.__tasks = []
  new PerformanceObserver((list) => window.__tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' })
})()`

const line = (account: string, description: string, amount: string) => ({
  account_id: account,
  amount,
  currency: 'EUR',
  direction: 'debit',
  transaction_date: '2026-01-05',
  description,
})

async function seed(account: string): Promise<void> {
  await setMode('suggest')
  // Nobody waits for twenty thousand deliveries.
  for (const { id } of (await stage.api('GET', '/webhooks?per_page=100')).body.data)
    await stage.api('DELETE', `/webhooks/${id}`)
  const batches = Array.from({ length: LINES / BATCH }, (_, n) => n * BATCH)
  const send = async () => {
    for (let from = batches.shift(); from !== undefined; from = batches.shift()) {
      const start = from
      const { status, body } = await stage.api('POST', '/transactions/batch', {
        transactions: Array.from({ length: BATCH }, (_, n) =>
          line(account, `Supplier ${start + n}`, `${1 + (n % 97)}.00`),
        ),
      })
      assert.ok(status < 300, JSON.stringify(body).slice(0, 300))
    }
  }
  await Promise.all([send(), send()])
}

async function scroll(t: Asked, page: Page): Promise<void> {
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
  assert.ok(rows > 200, `only ${rows} rows`)
  assert.ok(drawn < DRAWN_MAX, `${drawn} rows drawn`)
}

test('a list of 20,000 lines is scrolled, and an event reads anew only what is in sight', async (t) => {
  const account = (await stage.api('GET', '/bank-accounts')).body.data[0].id
  await seed(account)
  const { page, quiet, faults } = await open(t, '/transactions?direction=debit')
  await scroll(t, page)
  await quiet()
  const asked: string[] = []
  page.on('request', (request) => {
    if (/\/api\/v1\/transactions\?/.test(request.url())) asked.push(request.url())
  })
  const shown = () => page.locator('[role=row] a').first().innerText()
  const before = await shown()
  const come = (text: string) =>
    stage.api('POST', '/transactions', { ...line(account, text, '5.00'), transaction_date: '2099-01-05' })
  const made = await come('One more')
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const news = page.getByRole('button', { name: en.states.news(1, false) })
  await news.waitFor()
  await quiet()
  t.say(`one event: ${asked.length} requests of the list, with many pages loaded`)
  assert.ok(asked.length > 0 && asked.length <= READ_MAX, asked.join('\n'))
  assert.equal(await shown(), before, 'what is read does not move')
  await news.click()
  await page.getByRole('row').getByText('One more').waitFor()
  await news.waitFor({ state: 'detached' })
  await quiet()
  // At the top the list grows by itself.
  await come('And another')
  await page.getByRole('row').getByText('And another').waitFor()
  assert.deepEqual(faults, [])
})
