import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import type { Id } from '../base/ids.ts'
import { noteReturned } from '../billing/index.ts'
import { systemActor, verifyAudit } from '../events/audit.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let number = 2000

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

interface Applied {
  line: Id<'txn'>
  id: string
  name: string
  external: number
  payments: string[]
}

/** A new invoice and money for it, booked in WHMCS. */
async function applied(amount = 50): Promise<Applied> {
  const external = (number += 1)
  const name = `INV-${external}`
  await bench.seed({
    invoices: [{ id: external, client: 1, number: name, date: '2025-04-01', due: '2025-04-15', total: `${amount}.00` }],
  })
  const line = await bench.line({ amount, text: `Invoice ${name}`, name: 'Marlow Hosting' })
  const match = await bench.create(line, { [name]: amount })
  expect(match.status).toBe(201)
  await bench.pay()
  const after = await bench.get(`/invoice-matches/${match.body.id}`)
  expect(after).toMatchObject({ status: 'applied', reversal: null })
  return { line, id: match.body.id, name, external, payments: after.payments }
}

const match = (id: string) => bench.get(`/invoice-matches/${id}`)
const ledger = (external: number) =>
  bench.whmcs.control
    .books()
    .transactions.filter((row) => row.invoiceid === external)
    .map(({ amountin, amountout, transid }) => ({ amountin, amountout, transid }))
const inWhmcs = (external: number) => bench.whmcs.control.books().invoices.find((row) => row.id === external)!
const credit = () => bench.whmcs.control.books().clients[0]!.credit
const events = async (id: string): Promise<string[]> =>
  (
    await app.store.read(bench.tenant.id, (tx) =>
      tx.many<{ type: string }>('select type from events where tenant_id = $1 and resource_id = $2 order by id', [
        tx.tenantUuid,
        id,
      ]),
    )
  ).map((row) => row.type)
const audits = async (id: string): Promise<string[]> =>
  (
    await app.store.read(bench.tenant.id, (tx) =>
      tx.many<{ action: string }>(
        'select action from audit_events where tenant_id = $1 and resource_id = $2 order by sequence',
        [tx.tenantUuid, id],
      ),
    )
  ).map((row) => row.action)
const resolve = (payment: string, resolution: string) =>
  bench.tenant.call('POST', `/payments/${payment}/resolve`, { resolution })
const alerts = async () =>
  (await bench.get('/alerts?per_page=100')).data.filter((row: { closed_at: string | null }) => row.closed_at === null)
/** All that was waited for has passed. */
const passTime = () =>
  app.store.read(bench.tenant.id, (tx) =>
    tx.run(
      `update undos set next_attempt_at = now(), settled_at = settled_at - interval '10 days' where tenant_id = $1 and state <> 'done'`,
      [tx.tenantUuid],
    ),
  )
/** The role of our credential in WHMCS, without the actions named. */
const forbid = (...actions: string[]) => {
  const all = [
    'GetInvoices',
    'GetInvoice',
    'GetTransactions',
    'GetClients',
    'GetClientsDetails',
    'GetCredits',
    'GetPaymentMethods',
    'AddInvoicePayment',
    'AddTransaction',
    'UpdateInvoice',
    'AddCredit',
  ]
  bench.whmcs.control.setAccess({ roles: { full: all.filter((action) => !actions.includes(action)) } })
}
const allowAll = () => bench.whmcs.control.setAccess({ roles: { full: ['*'] } })

describe('PATCH /invoice-matches/{id} status reversed', () => {
  it('202: says beforehand what stays, takes the payment back, and frees the money', async () => {
    const { line, id, name, external, payments } = await applied()
    const answer = await bench.reverse(id)
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ id, status: 'applied', reversal: { state: 'pending' } })
    expect(answer.body.reversal.left).toEqual([
      expect.stringMatching(/^Mails that WHMCS sent/),
      expect.stringMatching(/^Services and domains .* look at them in WHMCS/i),
    ])
    expect(await bench.status(line)).toBe('applied')

    await bench.pay()
    expect(await match(id)).toMatchObject({ status: 'reversed', reversal: { state: 'done' }, payments })
    expect((await match(id)).reversal.left).toEqual(answer.body.reversal.left)
    expect(await bench.status(line)).toBe('unmatched')
    expect(await bench.get(`/payments/${payments[0]}`)).toMatchObject({ state: 'reversed', undo: { state: 'done' } })

    const paid = (await bench.get(`/payments/${payments[0]}`)) as {
      transaction_reference: string
      undo: { transaction_reference: string }
    }
    expect(ledger(external)).toEqual([
      { amountin: '50.00', amountout: '0.00', transid: paid.transaction_reference },
      { amountin: '0.00', amountout: '50.00', transid: paid.undo.transaction_reference },
    ])
    expect(paid.undo.transaction_reference).not.toBe(paid.transaction_reference)
    expect(inWhmcs(external)).toMatchObject({ status: 'Unpaid', balance: '50.00' })
    expect(await bench.get(`/invoices/${await bench.invoice(name)}`)).toMatchObject({ status: 'unpaid', balance: 50 })

    expect(await events(id)).toEqual(['match.created', 'match.approved', 'match.applied', 'match.reversed'])
    expect((await events(line)).at(-1)).toBe('transaction.updated')
    expect(await audits(id)).toEqual(expect.arrayContaining(['match.reverse_request', 'match.reverse']))
    expect(await audits(payments[0]!)).toEqual([
      'payment.request',
      'payment.apply',
      'payment.undo_request',
      'payment.undo_step',
      'payment.undo_step',
      'payment.reverse',
    ])
    expect(await app.store.read(bench.tenant.id, verifyAudit)).toMatchObject({ valid: true })
    // Nothing a careful client would not have sent, and never a negative payment.
    expect(bench.whmcs.control.warnings()).toEqual([])
    expect(
      bench.whmcs.control.calls('AddInvoicePayment').every(({ parameters }) => !parameters.amount!.startsWith('-')),
    ).toBe(true)
  })

  it('is not proposed again, and booked again only by hand, under an id of its own', async () => {
    const { line, id, name, external } = await applied(61)
    await bench.reverse(id)
    await bench.pay()
    await bench.run()
    expect((await bench.matches(line)).map((row) => row.status)).toEqual(['reversed'])
    const again = await bench.create(line, { [name]: 61 })
    expect(again.status).toBe(201)
    await bench.pay()
    const ids = ledger(external).map((row) => row.transid)
    expect(new Set(ids).size).toBe(3)
    expect(inWhmcs(external)).toMatchObject({ status: 'Paid', balance: '0.00' })
    // And once more: five ids, three generations used up in between.
    expect((await bench.reverse(again.body.id)).status).toBe(202)
    await bench.pay()
    expect(await match(again.body.id)).toMatchObject({ status: 'reversed' })
    expect(new Set(ledger(external).map((row) => row.transid)).size).toBe(4)
    expect(inWhmcs(external)).toMatchObject({ status: 'Unpaid', balance: '61.00' })
  })

  it('202: of a match with two invoices both are taken back before it is reversed', async () => {
    const [one, two] = [(number += 1), (number += 1)]
    await bench.seed({
      invoices: [one, two].map((external) => ({ id: external, client: 1, number: `INV-${external}`, total: '20.00' })),
    })
    const line = await bench.line({ amount: 40, text: 'two', name: 'Marlow Hosting' })
    const made = await bench.create(line, { [`INV-${one}`]: 20, [`INV-${two}`]: 20 })
    await bench.pay()
    expect((await bench.reverse(made.body.id)).status).toBe(202)
    await bench.pay()
    expect(await match(made.body.id)).toMatchObject({ status: 'reversed' })
    for (const external of [one, two]) expect(inWhmcs(external)).toMatchObject({ status: 'Unpaid', balance: '20.00' })
    expect(await bench.status(line)).toBe('unmatched')
  })

  it('takes back credit that came of the payment, and nothing else', async () => {
    const { id, external, payments } = await applied(30)
    // The same invoice was paid at the same time by another hand: WHMCS made credit of that.
    await bench.seed({ payments: [{ invoice: external, amount: '30.00', transid: 'by card' }] })
    const before = credit()
    await bench.reverse(id)
    await bench.pay()
    expect(await match(id)).toMatchObject({ status: 'reversed' })
    // Paid by the card now, as it would have been without us.
    expect(inWhmcs(external)).toMatchObject({ status: 'Paid', balance: '0.00' })
    expect(Number(before) - Number(credit())).toBe(30)
    const { undo } = await bench.get(`/payments/${payments[0]}`)
    const removed = bench.whmcs.control.journal().filter((entry) => entry.cause === 'removed')
    expect(removed).toMatchObject([{ amount: '-30.00' }])
    expect(bench.whmcs.control.calls('AddCredit')[0]!.parameters).toMatchObject({
      description: `Payymo undo ${undo.transaction_reference}`,
      type: 'remove',
    })
  })

  it('leaves credit that the client has used, and says so', async () => {
    const { id, external, payments } = await applied(35)
    const other = (number += 1)
    await bench.seed({
      payments: [{ invoice: external, amount: '35.00', transid: 'by card 2' }],
      invoices: [{ id: other, client: 1, number: `INV-${other}`, total: '500.00' }],
    })
    const answer = await bench.reverse(id)
    expect(answer.body.reversal.left.at(-1)).toMatch(/made credit of it/)
    // Used on another invoice meanwhile.
    await whmcsCall('ApplyCredit', { invoiceid: String(other), amount: credit() })
    await bench.pay()
    const stopped = await match(id)
    expect(stopped).toMatchObject({ status: 'applied', reversal: { state: 'needs_person' } })
    expect(stopped.reversal.left.at(-1)).toMatch(/has used credit .* of 35.00 EUR, 0.00 EUR are left/)
    expect((await resolve(payments[0]!, 'drop')).status).toBe(409)
    expect((await resolve(payments[0]!, 'applied')).body).toMatchObject({ state: 'reversed' })
    expect(await match(id)).toMatchObject({ status: 'reversed' })
  })

  it('409: what is not applied, what is being reversed, what is reversed; of equal calls one wins', async () => {
    const { id } = await applied()
    const answers = await Promise.all(Array.from({ length: 8 }, () => bench.reverse(id)))
    expect(answers.map((answer) => answer.status).toSorted((one, other) => one - other)).toEqual([
      202, 409, 409, 409, 409, 409, 409, 409,
    ])
    expect((await bench.reverse(id)).body.error.message).toMatch(/being reversed already/)
    await bench.pay()
    expect((await bench.reverse(id)).body.error.message).toMatch(/is reversed; only an applied one/)
    const open = await bench.line({ amount: 9, text: 'x' })
    const name = `INV-${(number += 1)}`
    await bench.seed({ invoices: [{ id: number, client: 1, number: name, total: '9.00' }] })
    const suggested = await bench.create(open, { [name]: 9 }, { apply: false })
    expect((await bench.reverse(suggested.body.id)).status).toBe(409)
    expect((await bench.approve(id)).status).toBe(409)
  })

  it('404: an unknown id', async () => {
    expect((await bench.reverse('match_01jrfzq4v8m2k9d7t5x3w1c0ab')).status).toBe(404)
  })
})

describe('money that somebody booked by hand', () => {
  it('200: is let go of at once, WHMCS is not touched, and the pair does not come back', async () => {
    const external = (number += 1)
    await bench.seed({
      invoices: [
        { id: external, client: 1, number: `INV-${external}`, date: '2025-04-01', total: '77.10', status: 'Paid' },
      ],
      payments: [{ invoice: external, amount: '77.10', transid: 'by hand 77', date: '2025-04-08' }],
    })
    const line = await bench.line({ amount: 77.1, text: `INV-${external}`, name: 'Marlow Hosting', date: '2025-04-08' })
    await bench.run()
    const [found] = await bench.matches(line)
    expect(found).toMatchObject({ status: 'approved', match_reason: 'already_booked' })
    const writes = bench.whmcs.control.journal().length
    const answer = await bench.reverse(found.id)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      status: 'reversed',
      reversal: { state: 'done', left: [expect.stringMatching(/WHMCS was not touched/)] },
    })
    expect(bench.whmcs.control.journal()).toHaveLength(writes)
    await bench.run()
    expect((await bench.matches(line)).map((row) => row.status)).toEqual(['reversed'])
    expect(await bench.status(line)).toBe('unmatched')
    // The payment is free to be another line.
    const right = await bench.line({
      amount: 77.1,
      text: `INV-${external}`,
      name: 'Marlow Hosting',
      date: '2025-04-09',
    })
    await bench.run()
    expect((await bench.matches(right))[0]).toMatchObject({ status: 'approved', match_reason: 'already_booked' })
  })
})

describe('what WHMCS refuses', () => {
  it('to reopen: the money is out, the step is left, and a person says when it is done', async () => {
    bench.whmcs.control.setSwitches({ version: '9.0', reopen: 'refused' })
    const { id, line, name, external, payments } = await applied(44)
    await bench.reverse(id)
    await bench.pay()
    const stopped = await match(id)
    expect(stopped).toMatchObject({ status: 'applied', reversal: { state: 'needs_person' } })
    expect(stopped.reversal.left.at(-1)).toBe(
      `Set invoice ${name} back to Unpaid in WHMCS: 44.00 EUR are owed on it again. WHMCS refused it: Invalid status Unpaid`,
    )
    expect(inWhmcs(external)).toMatchObject({ status: 'Paid', balance: '44.00' })
    expect(ledger(external)).toHaveLength(2)
    const [alert] = (await alerts()).filter((row: { code: string }) => row.code === 'undo_needs_person')
    expect(alert.subject).toEqual({ type: 'payment', id: payments[0] })
    expect(alert.message).toContain('decide in the review')
    expect((await bench.reverse(id)).body.error.message).toContain(`/payments/${payments[0]}/resolve`)
    // Money that is out does not stay booked.
    expect((await resolve(payments[0]!, 'drop')).status).toBe(409)

    // Retry finds it refused again; after that WHMCS lets us.
    expect((await resolve(payments[0]!, 'retry')).status).toBe(200)
    await passTime()
    await bench.pay()
    expect(await match(id)).toMatchObject({ reversal: { state: 'needs_person' } })
    bench.whmcs.control.setSwitches({ version: '8.13', reopen: 'accepted' })
    await resolve(payments[0]!, 'retry')
    await passTime()
    await bench.pay()
    expect(await match(id)).toMatchObject({ status: 'reversed', reversal: { state: 'done' } })
    expect(inWhmcs(external)).toMatchObject({ status: 'Unpaid', balance: '44.00' })
    expect(ledger(external)).toHaveLength(2)
    expect(await bench.status(line)).toBe('unmatched')
    expect((await alerts()).filter((row: { code: string }) => row.code === 'undo_needs_person')).toEqual([])
  })

  it('AddTransaction: nothing is done; dropped, the payment stays booked, and it can be asked for again', async () => {
    const { id, line, external, payments } = await applied(45)
    forbid('AddTransaction')
    await bench.reverse(id)
    await bench.pay()
    const stopped = await match(id)
    expect(stopped).toMatchObject({ status: 'applied', reversal: { state: 'needs_person' } })
    expect(stopped.reversal.left.at(-1)).toMatch(
      /^Take 45.00 EUR off invoice .* does not allow the action AddTransaction/i,
    )
    expect(ledger(external)).toHaveLength(1)
    expect((await resolve(payments[0]!, 'drop')).body).toMatchObject({ state: 'applied', undo: { state: 'dropped' } })
    expect(await match(id)).toMatchObject({ status: 'applied', reversal: null })
    expect(await bench.status(line)).toBe('applied')
    expect((await resolve(payments[0]!, 'applied')).status).toBe(409)

    allowAll()
    const first = (await bench.get(`/payments/${payments[0]}`)).undo.transaction_reference
    expect((await bench.reverse(id)).status).toBe(202)
    await bench.pay()
    expect(await match(id)).toMatchObject({ status: 'reversed' })
    expect(ledger(external)[1]).toMatchObject({ transid: first, amountout: '45.00' })
  })

  it('to show credit: everything else is done', async () => {
    const { id, external } = await applied(46)
    await bench.seed({ payments: [{ invoice: external, amount: '46.00', transid: 'by card 46' }] })
    forbid('GetCredits', 'GetClientsDetails')
    await bench.reverse(id)
    await bench.pay()
    allowAll()
    const stopped = await match(id)
    expect(stopped.reversal.left.at(-1)).toMatch(/Take 46.00 EUR of credit .* may not read the credit/)
    expect(ledger(external).map((row) => row.amountout)).toEqual(['0.00', '0.00', '46.00'])
  })
})

describe('a refund in WHMCS after we paid', () => {
  const notice = () => app.store.change(bench.tenant.id, systemActor('matching'), noteReturned)
  const returned = async () => (await alerts()).filter((row: { code: string }) => row.code === 'payment_returned')

  it('is told once, with the choices; reversing touches WHMCS no more', async () => {
    const { id, line, name, external, payments } = await applied(52)
    await whmcsCall('AddTransaction', {
      invoiceid: String(external),
      paymentmethod: 'banktransfer',
      amountout: '52.00',
      transid: 'refund by hand',
    })
    bench.whmcs.control.setSwitches({})
    await whmcsCall('UpdateInvoice', { invoiceid: String(external), status: 'Refunded' })
    await bench.mirror()
    await notice()
    await notice()
    const [alert, ...more] = await returned()
    expect(more).toEqual([])
    expect(alert).toMatchObject({ subject: { type: 'match', id }, severity: 'critical' })
    for (const part of ['To keep the booking', 'without touching WHMCS', 'To book it again'])
      expect(alert.message).toContain(part)

    // Keep: it is not told again.
    await bench.tenant.call('PATCH', `/alerts/${alert.id}`, { status: 'closed' })
    await notice()
    expect(await returned()).toEqual([])

    const writes = bench.whmcs.control.journal().length
    await bench.reverse(id)
    await bench.pay()
    const stopped = await match(id)
    expect(stopped).toMatchObject({ status: 'applied', reversal: { state: 'needs_person' } })
    expect(stopped.reversal.left.at(-1)).toMatch(/money out .* that Payymo did not send: -52.00 EUR/)
    await resolve(payments[0]!, 'applied')
    expect(await match(id)).toMatchObject({ status: 'reversed' })
    expect(bench.whmcs.control.journal()).toHaveLength(writes)

    // Book it again: an id of its own.
    await whmcsCall('UpdateInvoice', { invoiceid: String(external), status: 'Unpaid' })
    await bench.mirror()
    expect((await bench.create(line, { [name]: 52 })).status).toBe(201)
    await bench.pay()
    expect(inWhmcs(external)).toMatchObject({ status: 'Paid', balance: '0.00' })
    expect(new Set(ledger(external).map((row) => row.transid)).size).toBe(3)
  })

  it('an invoice in collections is told; our own takings back are not', async () => {
    const ours = await applied(53)
    await bench.reverse(ours.id)
    await bench.pay()
    const { id, external } = await applied(54)
    await whmcsCall('UpdateInvoice', { invoiceid: String(external), status: 'Collections' })
    await bench.mirror()
    await notice()
    const told = await returned()
    expect(told.map((row: { subject: { id: string } }) => row.subject.id)).toEqual([id])
    expect(told[0].message).toMatch(/is collections in WHMCS/)
  })
})

/** Somebody at the desk of WHMCS. */
async function whmcsCall(action: string, parameters: Record<string, string>): Promise<void> {
  const { identifier, secret } = bench.whmcs.control.settings().access.credentials[0]!
  const answer = await fetch(`${bench.whmcs.url}/includes/api.php`, {
    method: 'POST',
    body: new URLSearchParams({ action, identifier, secret, responsetype: 'json', ...parameters }),
  })
  const body = (await answer.json()) as { result: string }
  expect(body.result).toBe('success')
}
