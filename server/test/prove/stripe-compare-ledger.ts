import { SANDBOX_MERCHANT } from '../../../sandbox/src/stripe/index.ts'
import type { Check } from './check-invariants.ts'
import { type CompareOptions, differences } from './stripe-compare.ts'
import type { StripeStage } from './stripe-stage.ts'

/** Movements that no event names, and no list of a payout has to hold: only the walk along the ledger brings them. */
const UNTOLD: ReadonlySet<string> = new Set(['payout', 'payout_failure', 'payout_cancel'])

/** Row by row, and the sums: of Stripe's rows, and of what it says the balance is. */
export async function compareLedger(stage: StripeStage, { eventsOnly = false }: CompareOptions): Promise<Check[]> {
  const { book } = stage.desk
  const { rows } = await stage.pool.query<{ id: string; currency: string; net: string; text: string }>(
    `select external_id as id, lower(currency) as currency, net_minor as net,
        concat_ws(' ', external_id, type, category, amount_minor, fee_minor, net_minor, lower(currency), source_id) as text from stripe_ledger`,
  )
  const theirs = book.transactions.rows
  const textOf = (row: (typeof theirs)[number]): string =>
    [row.id, row.type, row.reporting_category, row.amount, row.fee, row.net, row.currency, row.source]
      .filter((part) => part !== null)
      .join(' ')
  const known = new Set(rows.map((row) => row.id))
  const isUntold = (row: (typeof theirs)[number]): boolean =>
    UNTOLD.has(row.type) ||
    book.truth.payoutOf.get(row.id) === undefined ||
    !book.payouts.get(book.truth.payoutOf.get(row.id)!)!.automatic
  const wanted = eventsOnly
    ? theirs.filter((row) => known.has(row.id) || !isUntold(row) || book.truth.chargeOf.has(row.id))
    : theirs
  const checks = [
    {
      name: 'every movement of the ledger once, to the cent',
      faults: differences(
        rows.map((row) => row.text),
        wanted.map(textOf),
      ),
    },
  ]
  if (eventsOnly) return checks
  return [...checks, { name: 'the ledger adds up to the balance', faults: await balanceFaults(stage, rows) }]
}

async function balanceFaults(
  stage: StripeStage,
  rows: readonly { currency: string; net: string }[],
): Promise<string[]> {
  const answer = await fetch(`${stage.stripe.url}/v1/balance`, {
    headers: { authorization: `Bearer ${SANDBOX_MERCHANT.secretKeys!.test}` },
  })
  const balance = (await answer.json()) as Record<'available' | 'pending', { amount: number; currency: string }[]>
  const sums = new Map<string, bigint>()
  for (const { currency, net } of rows) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(net))
  const shown = new Map<string, bigint>()
  for (const { currency, amount } of [...balance.available, ...balance.pending])
    shown.set(currency, (shown.get(currency) ?? 0n) + BigInt(amount))
  return [...new Set([...sums.keys(), ...shown.keys()])]
    .filter((currency) => (sums.get(currency) ?? 0n) !== (shown.get(currency) ?? 0n))
    .map((currency) => `${currency}: ${sums.get(currency)} here, ${shown.get(currency)} at Stripe`)
}
