import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import { testClock } from '../../base/clock.ts'
import { type Id, uuidOf } from '../../base/ids.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let number = 5000

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: {
      clients: [
        { id: 1, name: 'Ada Marlow', currency: 'EUR' },
        { id: 2, name: 'Kamal Haddad', currency: 'KWD' },
      ],
      currencies: [{ code: 'EUR' }, { code: 'KWD' }],
    },
  })
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})
beforeEach(() => set({ surplus: null, confirmation_email: null, stripe_fees: null }))

const set = async (settings: object) => {
  const answer = await bench.tenant.call('PATCH', `/whmcs-instances/${bench.instanceId}`, { settings })
  expect(answer.status).toBe(200)
}

/** A payment of 40.00 that is due; `fees`: what Stripe kept of it, minor units. */
async function approved({
  fees,
  client = 1,
  ...where
}: {
  fees?: bigint
  client?: number
  currency?: string
  account?: Id<'acc'>
} = {}) {
  const id = (number += 1)
  await bench.seed({ invoices: [{ id, client, number: `INV-${id}`, total: '40.00' }] })
  const line = await bench.line({ amount: 40, ...where })
  const match = await bench.create(line, { [`INV-${id}`]: 40 })
  expect(match.status).toBe(201)
  const [payment] = (await bench.get(`/payments?match_id=${match.body.id}`)).data
  if (fees !== undefined) {
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run('update payments set fees_minor = $3 where tenant_id = $1 and id = $2', [
        tx.tenantUuid,
        uuidOf(payment.id),
        fees,
      ]),
    )
  }
  return { id, payment: payment.id as string }
}

const mails = (id: number) =>
  bench.whmcs.control.happenings().filter((one) => one.hook === 'PaymentEmail' && one.invoiceid === id).length
/** What was sent for the invoice. */
const sent = (id: number) =>
  bench.whmcs.control.calls('AddInvoicePayment').find(({ parameters }) => parameters.invoiceid === String(id))
    ?.parameters
const shown = (payment: string) => bench.get(`/payments/${payment}`)

describe("WHMCS's own mail about a payment", () => {
  it('is sent unless the installation says no', async () => {
    const one = await approved()
    await bench.pay()
    expect(mails(one.id)).toBe(1)
    await set({ confirmation_email: false })
    const other = await approved()
    await bench.pay()
    expect([(await shown(other.payment)).state, mails(other.id)]).toEqual(['applied', 0])
  })
})

describe('what Stripe kept', () => {
  it('is noted as the fee only where the installation says so, and never of other money', async () => {
    const off = await approved({ fees: 145n })
    await bench.pay()
    expect(await shown(off.payment)).toMatchObject({ fees: 1.45, state: 'applied' })
    expect(sent(off.id)).not.toHaveProperty('fees')
    await set({ stripe_fees: true })
    const [on, none, free] = [await approved({ fees: 145n }), await approved(), await approved({ fees: 0n })]
    await bench.pay()
    expect(sent(on.id)).toMatchObject({ fees: '1.45', amount: '40.00' })
    expect(bench.whmcs.control.books().invoices.find(({ id }) => id === on.id)!.status).toBe('Paid')
    expect(await shown(none.payment)).toMatchObject({ fees: null, state: 'applied' })
    expect(sent(none.id)).not.toHaveProperty('fees')
    expect(await shown(free.payment)).toMatchObject({ fees: 0, state: 'applied' })
    expect(sent(free.id)).toMatchObject({ fees: '0.00' })
    expect(bench.whmcs.control.warnings()).toEqual([])
  })

  it('of more decimals than WHMCS keeps is refused in words that say how it goes through', async () => {
    const account = await makeAccount(app, bench.tenant, { currency: 'KWD' })
    const one = await approved({ fees: 305n, client: 2, currency: 'KWD', account })
    await set({ stripe_fees: true })
    await bench.pay()
    expect(await shown(one.payment)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(
        /fee of 0\.305 KWD has more\. Switch settings\.stripe_fees of the installation off/,
      ),
    })
  })
})
