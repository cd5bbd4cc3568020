import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from './runner.ts'
import { draw } from './seed.ts'
import { en } from '../../src/words/en/index.ts'
import { eventually, open, stage } from './shared.ts'

interface Match {
  id: string
  transaction_id: string
  payments: string[]
  allocations: { invoice_number: string }[]
}

const booked = async (): Promise<Match> => {
  const { body } = await stage.api('GET', '/invoice-matches?status=applied&per_page=50')
  const found = (body.data as Match[]).find(
    ({ payments, allocations }) => payments.length === 1 && allocations.length === 1,
  )
  assert.ok(found, 'the first run books single invoices')
  return found
}

test('anything is found and opened by keyboard alone', async (t) => {
  const { allocations, payments, transaction_id: line } = await booked()
  const { body: payment } = await stage.api('GET', `/payments/${payments[0]}`)
  const { page, quiet, faults } = await open(t, '/clients')
  const search = async (typed: string, at: RegExp) => {
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: en.search.title })
    await field.waitFor()
    await page.keyboard.type(typed)
    await page.keyboard.press('Enter')
    await page.waitForURL(at)
    await quiet()
    assert.equal(await page.getByRole('dialog').count(), 0, 'the search is closed')
  }
  await search(allocations[0]!.invoice_number, /\/invoices\/inv_/)
  await search(payment.transaction_reference, new RegExp(`/transactions/${line}`))
  await search(en.nav.payouts, /\/payouts$/)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('nothingiscalledthis')
  await page.getByText(en.search.none('nothingiscalledthis')).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.deepEqual(faults, [])
})

test('a booking is taken back from its line, with what stays said before', async (t) => {
  const { id, transaction_id: line, allocations } = await booked()
  const { page, faults } = await open(t, `/transactions/${line}`)
  const { transactions, review } = en
  await page.getByRole('button', { name: transactions.reverse }).click()
  const asked = page.getByRole('dialog', { name: review.undo.title })
  await asked.getByText(review.undo.staysList[0]!).waitFor()
  await asked.getByRole('button', { name: review.undo.confirm }).click()
  await page
    .getByRole('dialog')
    .getByText(transactions.takenBackText([allocations[0]!.invoice_number]))
    .waitFor()
  await page.getByRole('dialog').getByRole('button', { name: en.app.close }).last().click()
  await eventually(
    () => stage.api('GET', `/invoice-matches/${id}`),
    ({ body }) => body.status === 'reversed',
    'the match is reversed',
  )
  // The page hears of it by itself.
  await page.getByText(`The match with ${allocations[0]!.invoice_number} was taken back.`).waitFor()
  assert.deepEqual(faults, [])
})

test('a spot check is found right from the overview, and one that is wrong leads to its line', async (t) => {
  await draw(2)
  const waiting = async () =>
    (await stage.api('GET', '/invoice-matches?spot_check=waiting&per_page=5')).body.data as Match[]
  const [first, second] = await waiting()
  assert.ok(first && second, 'two are drawn')
  const { page, quiet, faults } = await open(t, '/')
  const { overview } = en
  // Chance may have drawn one of several invoices before we did.
  const named = (word: string, { allocations }: Match) => ({
    name: new RegExp(`^${word}\\s?: ${allocations.map((each) => each.invoice_number).join(', ')}$`),
  })
  await page.getByRole('heading', { name: overview.spotChecks }).waitFor()
  await page.getByRole('button', named(overview.checkRight, first)).click()
  await page.getByText(overview.checkedRight).waitFor()
  await quiet()
  assert.equal((await stage.api('GET', `/invoice-matches/${first.id}`)).body.spot_check.state, 'right')
  assert.ok((await waiting()).every(({ id }) => id !== first.id))
  await page.getByRole('link', named(overview.checkWrong, second)).click()
  await page.waitForURL(new RegExp(`/transactions/${second.transaction_id}`))
  await page.getByRole('button', { name: en.transactions.reverse }).waitFor()
  assert.deepEqual(faults, [])
})

test('a payer is named on the page of a client, corrected, said never to pay, and forgotten', async (t) => {
  const { body } = await stage.api('GET', '/clients?per_page=1&sort=name')
  const client = body.data[0] as { id: string; payers: unknown[] }
  const known = client.payers.length
  const { page, quiet, faults } = await open(t, `/clients/${client.id}`)
  const { clients: words } = en
  await page.getByRole('button', { name: words.addPayer }).click()
  const form = page.getByRole('dialog', { name: words.addPayer })
  await form.getByLabel(words.payerName).fill('Holding West')
  await form.getByLabel(words.iban, { exact: true }).fill('DE89 3704 0044 0532 0130 01')
  await form.getByRole('button', { name: words.add }).click()
  await form.getByText('Its check digits do not fit.').waitFor()
  await form.getByLabel(words.iban, { exact: true }).fill('DE89 3704 0044 0532 0130 00')
  await form.getByRole('button', { name: words.add }).click()
  await form.waitFor({ state: 'detached' })
  const row = page.getByRole('listitem').filter({ hasText: 'Holding West' })
  await row.getByText('3000').waitFor()
  await row.getByRole('button', { name: words.correct }).click()
  const correction = page.getByRole('dialog', { name: words.correctTitle('Holding West') })
  await correction.getByLabel(words.never).check()
  await correction.getByRole('button', { name: words.keepPayer }).click()
  await row.getByText(words.neverShort).waitFor()
  await row.getByRole('button', { name: words.forget }).click()
  await page
    .getByRole('dialog', { name: words.forgetTitle('Holding West') })
    .getByRole('button', { name: words.forget })
    .click()
  await row.waitFor({ state: 'detached' })
  await quiet()
  assert.equal((await stage.api('GET', `/clients/${client.id}`)).body.payers.length, known)
  // The browser reports what the IBAN with the mistake was answered.
  assert.deepEqual(
    faults.filter((fault) => !fault.includes('422')),
    [],
  )
})

test('filters stand in the address, come back with the list, and hold for the file', async (t) => {
  const { page, quiet, faults } = await open(t, '/transactions?direction=debit&amount_min=100')
  const { body } = await stage.api('GET', '/transactions?direction=debit&amount_min=100&per_page=1')
  const count = body.pagination.total_items as number
  await page.getByText(en.states.rows(String(count), false)).waitFor()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: en.transactions.export }).click(),
  ])
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
  assert.equal(lines.length - 1, count, 'a row for each line, and the names above')
  await page.getByRole('row').getByRole('link').first().click()
  await page.waitForURL(/\/transactions\/txn_/)
  await quiet()
  await page.getByRole('main').getByRole('link', { name: en.transactions.title }).click()
  await page.waitForURL(/direction=debit/)
  assert.match(page.url(), /amount_min=/)
  assert.deepEqual(faults, [])
})

test('a payout adds up to the cent, and its line at the bank can be let go and taken again', async (t) => {
  const { body } = await stage.api('GET', '/payouts?composition=itemised&status=paid&per_page=1')
  const payout = body.data[0]
  assert.ok(payout?.bank_transaction_id, 'the first run finds the lines of paid payouts')
  const { page, quiet, faults } = await open(t, `/payouts/${payout.id}`)
  const { payouts } = en
  const amount = new Intl.NumberFormat('en-GB', { style: 'currency', currency: payout.currency }).format(payout.amount)
  const total = page.getByRole('row', { name: new RegExp(`^${payouts.together}`) })
  assert.ok((await total.innerText()).includes(amount), 'the nets together are the payout')
  await page.getByRole('button', { name: payouts.notIt }).click()
  await page.getByText(payouts.released).waitFor()
  assert.equal((await stage.api('GET', `/payouts/${payout.id}`)).body.bank_transaction_id, null)
  await page.getByRole('button', { name: en.app.undo }).click()
  await page.getByText(payouts.chosen).waitFor()
  await quiet()
  assert.equal((await stage.api('GET', `/payouts/${payout.id}`)).body.bank_transaction_id, payout.bank_transaction_id)
  assert.deepEqual(faults, [])
})
