import { describe, expect, it } from 'vitest'
import { SANDBOX_PLATFORM, startStripe, type StripeServer } from '../stripe/index.ts'
import { merchantOf } from './cards.ts'
import { buildMonth } from './month.ts'

const cents = (text: string): bigint => BigInt(text.replace('.', ''))

describe.each(['2026-03-31', '2026-11-26', '2027-01-03', '2028-02-29'])(
  'card payments of the month before %s',
  (today) => {
    const month = buildMonth({ today })
    const { cards, whmcs, bank } = month
    const invoiceOf = (id: number) => whmcs.invoices!.find((invoice) => invoice.id === id)!

    it('stand in WHMCS under the id that Stripe gave, with the fee, and their invoices are paid', () => {
      const recorded = whmcs.payments!.filter((payment) => payment.gateway === 'stripe')
      expect(recorded.length).toBe(27)
      const charges = new Map(cards.truth.charges.map((charge) => [charge.recordedAs, charge]))
      for (const { invoice, amount, fees, transid } of recorded) {
        const charge = charges.get(transid)!
        expect([charge.invoice, charge.amountMinor]).toEqual([String(invoice), cents(amount)])
        expect(cents(fees!)).toBeGreaterThan(0n)
        expect(invoiceOf(invoice)).toMatchObject({ status: 'Paid', paymentmethod: 'stripe' })
      }
    })

    it('are missing in three places, whose invoices are open and stand on no line of the bank', () => {
      expect(cards.missing.length).toBe(3)
      const named = new Set(month.truth.flatMap(({ invoiceIds }) => invoiceIds))
      for (const { invoiceId, amountMinor } of cards.missing) {
        const { status, items } = invoiceOf(invoiceId)
        expect([status, cents(items![0]!.amount)]).toEqual(['Unpaid', amountMinor])
        expect(named.has(invoiceId)).toBe(false)
      }
    })

    it('come to the bank as payouts, each the sum of its rows', () => {
      const lines = bank.accounts[0]!.transactions.filter((line) => line.counterparty?.name?.startsWith('Stripe'))
      expect(lines.length).toBeGreaterThanOrEqual(2)
      expect(lines.map(({ amount, bookingDate }) => [cents(amount), bookingDate])).toEqual(
        cards.truth.bankLines.map(({ amountMinor, day }) => [amountMinor, day]),
      )
      for (const { amountMinor, items } of cards.truth.payouts)
        expect(items!.reduce((sum, { netMinor }) => sum + netMinor, 0n)).toBe(amountMinor)
    })
  },
)

describe('the simulated Stripe of the month', () => {
  const { cards } = buildMonth({ today: '2026-11-26' })
  const start = (now: string) => startStripe({ now, merchants: [merchantOf(cards)] })
  const payouts = async ({ url, control }: StripeServer) => {
    control.connect(cards.truth.account)
    const answer = await fetch(`${url}/v1/payouts?limit=100`, {
      headers: {
        authorization: `Bearer ${SANDBOX_PLATFORM.secretKeys.test}`,
        'stripe-account': cards.truth.account,
      },
    })
    const { data } = (await answer.json()) as { data: { id: string; amount: number; balance_transaction: string }[] }
    return data.map(({ id, amount, balance_transaction }) => [id, amount, balance_transaction])
  }

  it('shows what the bank and WHMCS were told, from the first minute of the day on', async () => {
    const stripe = await start('2026-11-26T00:00:01Z')
    try {
      const told = cards.truth.payouts.map(({ id, amountMinor }) => [id, Number(amountMinor)])
      expect(
        (await payouts(stripe))
          .map(([id, amount]) => [id, amount])
          .toReversed()
          .slice(0, told.length),
      ).toEqual(told)
      expect(told.length).toBeGreaterThan(0)
    } finally {
      await stripe.close()
    }
  })

  it('tells the same when it is started again, whatever people did in between', async () => {
    const first = await start('2026-11-26T09:00:00Z')
    const again = await start('2026-12-04T09:00:00Z')
    try {
      await payouts(first)
      first.control.disconnect(cards.truth.account)
      first.control.setClock({ now: '2026-12-04T09:00:00Z' })
      const later = await payouts(again)
      expect(later.length).toBeGreaterThan(cards.truth.payouts.length)
      expect(await payouts(first)).toEqual(later)
    } finally {
      await first.close()
      await again.close()
    }
  })
})
