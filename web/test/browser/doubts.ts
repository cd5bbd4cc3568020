import assert from 'node:assert/strict'
import { en } from '../../src/words/en/index.ts'
import { test } from './runner.ts'
import { setMode } from './seed.ts'
import { eventually, open, stage } from './shared.ts'
import { billed, control, mirrored, rowsOf } from './whmcs.ts'

const { review } = en

const matchStatus = (id: string, status: string) =>
  eventually(
    () => stage.api('GET', `/invoice-matches/${id}`),
    ({ body }) => body.status === status,
    `the match is ${status}`,
  )

test('WHMCS refuses a booking: said with its words, and booked when the invoice takes it', async (t) => {
  await setMode('suggest')
  const { line, match, invoice, client, number } = await billed('REFUSE-1', '71.20')
  const { page, quiet, faults } = await open(t, `/review?item=${line}`)
  // Somebody at the desk cancels it meanwhile.
  await control('seed', { invoices: [{ id: invoice, client, number, total: '71.20', status: 'Cancelled' }] })
  await page.keyboard.press('a')
  await matchStatus(match, 'failed')
  assert.deepEqual(await rowsOf(invoice), [])
  await page.goto('/review?view=failed')
  await quiet()
  await page.getByRole('main').getByText(review.refused).first().waitFor()
  await page.getByRole('main').getByText(number).first().waitFor()
  await t.shoot(page, 'review-failed-real')
  await control('seed', { invoices: [{ id: invoice, client, number, total: '71.20', status: 'Unpaid' }] })
  await mirrored(number, 'unpaid')
  await page.keyboard.press('a')
  await matchStatus(match, 'applied')
  assert.equal((await rowsOf(invoice)).length, 1)
  assert.deepEqual(faults, [])
})

test('what WHMCS refuses for good is let go of, and waits as money without an invoice', async (t) => {
  await setMode('suggest')
  const { line, match, invoice, client, number } = await billed('GIVEUP-1', '73.40')
  const { page, quiet, faults } = await open(t, `/review?item=${line}`)
  await control('seed', { invoices: [{ id: invoice, client, number, total: '73.40', status: 'Cancelled' }] })
  await page.keyboard.press('a')
  await matchStatus(match, 'failed')
  await page.goto('/review?view=failed')
  await quiet()
  await page.getByRole('button', { name: review.act.release }).waitFor()
  await page.keyboard.press('r')
  await matchStatus(match, 'superseded')
  await page.goto('/review?view=unmatched')
  await quiet()
  await page.getByText(number).first().waitFor()
  assert.deepEqual(faults, [])
})

test('a payment in doubt waits with its reason, and a person settles it', async (t) => {
  const { line, match, invoice } = await billed('DOUBT-1', '90.00', '45.00')
  const foreign = `PYM-${'A'.repeat(26)}`
  await control('seed', { payments: [{ invoice, amount: '45.00', transid: foreign }] })
  const { page, quiet, faults } = await open(t, `/review?item=${line}`)
  await page.keyboard.press('a')
  const { body } = await eventually(
    () => stage.api('GET', `/payments?match_id=${match}`),
    (answer) => answer.body.data?.[0]?.state === 'quarantined',
    'the payment is in doubt',
  )
  await page.goto('/review?view=quarantined')
  await quiet()
  const main = page.getByRole('main')
  await main.getByText(review.doubt.title).waitFor()
  await main.getByText(foreign).first().waitFor()
  await t.shoot(page, 'review-quarantined-real')
  await main.getByRole('button', { name: review.doubt.quarantined.first }).click()
  await page.keyboard.press('a')
  await matchStatus(match, 'applied')
  const rows = await rowsOf(invoice)
  assert.deepEqual(
    rows.map(({ transid }) => transid),
    [foreign, body.data[0].transaction_reference],
    'it is sent once, although the same amount stood there',
  )
  assert.deepEqual(faults, [])
})

test('an approval is undone in WHMCS: the money is out again, and the invoice open', async (t) => {
  const { line, match, invoice } = await billed('UNDONE-1', '63.40')
  const { page, faults } = await open(t, `/review?item=${line}`)
  await page.keyboard.press('a')
  await matchStatus(match, 'applied')
  await page.keyboard.press('u')
  const window = page.getByRole('dialog')
  await window.getByText(review.undo.staysList[0]!).waitFor()
  await window.getByRole('button', { name: review.undo.confirm }).click()
  await matchStatus(match, 'reversed')
  const rows = await rowsOf(invoice)
  assert.deepEqual(
    rows.map(({ amountin, amountout }) => [amountin, amountout]),
    [
      ['63.40', '0.00'],
      ['0.00', '63.40'],
    ],
  )
  const { invoices } = await control('books')
  assert.equal(invoices.find(({ id }: { id: number }) => id === invoice).status, 'Unpaid')
  assert.deepEqual(faults, [])
})

test('what WHMCS will not take back is left to a person, who says what holds', async (t) => {
  const { line, match, invoice } = await billed('STAYS-1', '52.10')
  const { page, quiet, faults } = await open(t, `/review?item=${line}`)
  await page.keyboard.press('a')
  await matchStatus(match, 'applied')
  await control('switches', { moneyOut: 'refused' })
  await page.keyboard.press('u')
  await page.getByRole('dialog').getByRole('button', { name: review.undo.confirm }).click()
  await eventually(
    () => stage.api('GET', `/invoice-matches/${match}`),
    ({ body }) => body.reversal?.state === 'needs_person',
    'it needs a person',
  )
  await control('switches', { moneyOut: 'accepted' })
  await page.goto('/review?view=reversals')
  await quiet()
  const main = page.getByRole('main')
  await main.getByText(review.doubt.reversal).waitFor()
  await main.getByText('STAYS-1').first().waitFor()
  await t.shoot(page, 'review-reversals-real')
  await main.getByRole('button', { name: review.doubt.reversals.retry.title }).click()
  await page.keyboard.press('a')
  await matchStatus(match, 'reversed')
  assert.equal((await rowsOf(invoice)).length, 2)
  await main.getByText(review.empty.reversals.title).waitFor()
  assert.deepEqual(faults, [])
})
