import assert from 'node:assert/strict'
import { en } from '../../src/words/en/index.ts'
import { test } from './runner.ts'
import { eventually, open, stage, watch, WIDE } from './shared.ts'
import { control } from './whmcs.ts'

test('first run, sign-in, and the first approved payment stands in WHMCS', async (t) => {
  const { body } = await stage.api('GET', '/invoice-matches?status=suggested&per_page=100')
  // Across currencies nothing is booked, whoever asks for it.
  const bookable: { transaction_id: string; id: string }[] = body.data.filter(
    ({ allocations }: { allocations: { currency: string }[] }) =>
      allocations.every(({ currency }) => currency === 'EUR'),
  )
  assert.ok(bookable[0], 'the first run leaves something to decide')
  const { transaction_id: line, id: match } = bookable[0]
  await using context = await stage.browser.newContext({ baseURL: stage.origin, viewport: WIDE })
  const { page, faults, quiet } = await watch(context)
  await page.goto(`/review?item=${line}`)
  await page.waitForURL(/\/sign-in/)
  await page.locator('input[name=email]').fill(stage.owner.email)
  await page.locator('input[name=password]').fill(stage.owner.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/review/)
  await page.getByRole('button', { name: en.review.act.approve, exact: false }).first().waitFor()
  await quiet()
  await page.keyboard.press('a')
  const { body: payments } = await eventually(
    () => stage.api('GET', `/payments?match_id=${match}`),
    (answer) =>
      answer.body.data?.length > 0 && answer.body.data.every(({ state }: { state: string }) => state === 'applied'),
    'the payment is booked',
  )
  const books = JSON.stringify(await control('books'))
  for (const { transaction_reference: reference } of payments.data) {
    assert.ok(books.includes(reference), `${reference} stands in the ledger of WHMCS`)
    t.say(`${reference} stands in WHMCS`)
  }
  // Nobody was signed in at first, which the console notes.
  assert.deepEqual(
    faults.filter((fault) => !fault.includes('/auth/me')),
    [],
  )
})

test('the line says why it is booked', async (t) => {
  const { body } = await stage.api('GET', '/invoice-matches?status=applied&per_page=1')
  const { page } = await open(t, `/transactions/${body.data[0].transaction_id}`)
  const text = await page.locator('main').innerText()
  assert.ok(text.includes(body.data[0].allocations[0].invoice_number), text)
})
