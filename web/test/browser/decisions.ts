import assert from 'node:assert/strict'
import { test } from './runner.ts'
import type { Page } from 'playwright-core'
import { en } from '../../src/words/en/index.ts'
import { suggestions } from './seed.ts'
import { eventually, open, stage } from './shared.ts'

const DECISIONS = 20
/** A decision is shown within 100 ms of its key on a calm machine; this one may be busy. */
const SHOWN_MS_MAX = 400

/** Measures, in the page, how long after a key another item stands there and is drawn. */
const MEASURE = `(() => {
  window.__tookMs = []
  const shown = () => document.querySelector('main ol [aria-current]')?.closest('li')?.textContent + document.querySelector('main h2')?.textContent
  let pressed, before
  addEventListener('keydown', (event) => { pressed = event.timeStamp; before = shown() }, { capture: true })
  new MutationObserver(() => {
    if (pressed === undefined || shown() === before) return
    const since = pressed
    pressed = undefined
    requestAnimationFrame(() => window.__tookMs.push(performance.now() - since))
  }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true })
})()`

const statusOf = async (id: string): Promise<string> =>
  (await stage.api('GET', `/transactions/${id}`)).body.match_status

const count = (page: Page): Promise<number> => page.evaluate<number>('window.__tookMs.length')

test('twenty decisions by keyboard', async (t) => {
  const lines = await suggestions(DECISIONS + 2, 'KEYS')
  const { page, faults } = await open(t, '/review')
  await page.evaluate(MEASURE)
  const startedMs = performance.now()
  for (let n = 0; n < DECISIONS; n += 1) {
    await page.keyboard.press(n % 5 === 4 ? 'r' : 'a')
    await eventually(
      () => count(page),
      (done) => done > n,
      `decision ${n + 1} shows`,
    )
  }
  const allMs = performance.now() - startedMs
  const tookMs = (await page.evaluate<number[]>('window.__tookMs')).toSorted((a, b) => a - b)
  const median = tookMs[Math.floor(tookMs.length / 2)]!
  t.say(
    `${DECISIONS} decisions in ${(allMs / 1000).toFixed(1)} s; each shown after ${Math.round(median)} ms (median), ${Math.round(tookMs.at(-1)!)} ms (longest)`,
  )
  assert.ok(median <= SHOWN_MS_MAX, `${median} ms`)
  await eventually(
    async () => (await Promise.all(lines.map(statusOf))).filter((status) => status !== 'suggested').length,
    (decided) => decided >= DECISIONS - 2,
    'the decisions are kept',
  )
  assert.deepEqual(faults, [])
})

test('a rejection is undone', async (t) => {
  const [line] = await suggestions(1, 'UNDO')
  const { page, quiet, faults } = await open(t, `/review?item=${line}`)
  await page.keyboard.press('r')
  await eventually(
    () => statusOf(line!),
    (status) => status === 'unmatched',
    'the rejection is kept',
  )
  await page.keyboard.press('u')
  await eventually(
    () => statusOf(line!),
    (status) => status === 'suggested',
    'the match is proposed again',
  )
  await quiet()
  assert.match(await page.locator('main').innerText(), /UNDO-70000/)
  assert.deepEqual(faults, [])
})

test('a booking is taken back, and what stays is said before', async (t) => {
  const [line] = await suggestions(1, 'BACK')
  const { page, faults } = await open(t, `/review?item=${line}`)
  await page.keyboard.press('a')
  await eventually(
    () => statusOf(line!),
    (status) => status === 'applied',
    'it is booked',
  )
  await page.keyboard.press('u')
  const window = page.getByRole('dialog')
  await window.getByText(en.review.undo.stays).waitFor()
  await window.getByRole('button', { name: en.review.undo.confirm }).click()
  await eventually(
    () => statusOf(line!),
    (status) => status !== 'applied',
    'it is taken back',
  )
  await window.getByText(en.review.undo.done).waitFor()
  assert.deepEqual(faults, [])
})

test('what somebody else decided is said where one looks', async (t) => {
  const [line, next] = await suggestions(2, 'BOTH')
  const ben = await stage.invite('ben@example.com', 'Ben Ode', 'reviewer')
  const here = await open(t, `/review?item=${line}`)
  const there = await open(t, `/review?item=${line}`, {}, ben)
  await there.page.keyboard.press('a')
  await here.page.locator('main').getByText(en.review.gone.approved('Ben Ode')).first().waitFor()
  await here.page.keyboard.press('a')
  assert.equal(await statusOf(next!), 'suggested', 'the key that only goes on decides nothing')
  assert.deepEqual([...here.faults, ...there.faults], [])
})

test('a decision that is refused comes back with the words of the API', async (t) => {
  const [line] = await suggestions(1, 'LATE')
  const { page, context } = await open(t, `/review?item=${line}`)
  await context.route('**/api/v1/invoice-matches/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    return route.fulfill({
      status: 422,
      contentType: 'application/json',
      body: JSON.stringify({
        error: {
          code: 'validation_failed',
          message: 'The invoice was paid meanwhile.',
          details: [],
          request_id: 'req_1',
          retryable: false,
        },
      }),
    })
  })
  await page.keyboard.press('a')
  await page.getByText('The invoice was paid meanwhile.').first().waitFor()
  assert.equal(await statusOf(line!), 'suggested')
})
