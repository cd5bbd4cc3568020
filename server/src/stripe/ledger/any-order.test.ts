import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import '../../../test/setup/properties.ts'
import { uuidOf } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import type { FakeFeed } from '../../../test/setup/fake-stripe-feed.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import {
  type Brought,
  keep,
  lockAccountOf,
  readingBegins,
  refreshCharge,
  refreshReturn,
  settleLate,
  walkCharges,
  walkLedger,
} from './index.ts'

let bench: LedgerBench
beforeAll(async () => {
  bench = await createLedgerBench()
})
afterAll(() => bench.stop())

/** Something happens at Stripe, or we look at it. `which` chooses among what there is. */
const step = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('card', 'debit', 'authorise', 'decline') },
    { weight: 4, arbitrary: fc.constantFrom('succeed', 'fail', 'lapse', 'refund', 'failRefund', 'dispute', 'win') },
    { weight: 4, arbitrary: fc.constantFrom('walk', 'crash', 'charges', 'charge', 'return', 'page', 'late') },
  ),
  which: fc.nat(99),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does to the account what can happen to it; what cannot, does not happen. */
function happen(stripe: FakeFeed, { what, which }: Step): boolean {
  const charges = [...stripe.charges.values()]
  const charge = charges[which % Math.max(1, charges.length)]
  const returns = [...stripe.returns.values()]
  const returned = returns[which % Math.max(1, returns.length)]
  const currency = which % 5 === 0 ? 'JPY' : 'EUR'
  const metadata: Record<string, string> = which % 3 === 0 ? { invoice_id: String(1000 + which) } : {}
  const amountMinor = 1_000n + BigInt(which)
  switch (what) {
    case 'card':
      stripe.charge({ amountMinor, currency, metadata })
      return true
    case 'debit':
      stripe.charge({ amountMinor, currency, metadata, status: 'pending', method: 'sepa_debit' })
      return true
    case 'authorise':
      stripe.charge({ amountMinor, currency, captured: false, description: `Invoice #${which}` })
      return true
    case 'decline':
      stripe.charge({ status: 'failed', captured: false })
      return true
    case 'succeed':
      if (charge && (charge.status === 'pending' || isAuthorised(charge)))
        stripe.succeed(charge.id, charge.captured || which % 2 === 0 ? undefined : charge.amountMinor - 10n)
      return true
    case 'fail':
      if (charge && charge.status !== 'failed' && charge.captured && !charge.disputed && charge.refundedMinor === 0n)
        stripe.fail(charge.id)
      return true
    case 'lapse':
      if (charge && isAuthorised(charge)) stripe.lapse(charge.id)
      return true
    case 'refund':
      if (charge && isPaid(charge) && charge.capturedMinor - charge.refundedMinor >= 200n)
        stripe.refund(charge.id, which % 2 === 0 ? 200n : charge.capturedMinor - charge.refundedMinor)
      return true
    case 'failRefund':
      if (returned?.kind === 'refund' && returned.status === 'succeeded' && isRefund(stripe, returned.ledgerIds))
        stripe.failRefund(returned.id)
      return true
    case 'dispute':
      if (charge && isPaid(charge) && !charge.disputed) stripe.dispute(charge.id)
      return true
    case 'win':
      if (returned?.kind === 'dispute' && returned.status !== 'won') stripe.win(returned.id)
      return true
    default:
      return false
  }
}

const isAuthorised = (charge: { status: string; captured: boolean; refundedMinor: bigint }): boolean =>
  charge.status === 'succeeded' && !charge.captured && charge.refundedMinor === 0n
const isPaid = (charge: { status: string; captured: boolean }): boolean =>
  charge.status === 'succeeded' && charge.captured
const isRefund = (stripe: FakeFeed, ledgerIds: string[]): boolean =>
  stripe.ledger.some((row) => ledgerIds.includes(row.id) && row.category === 'refund')

/** Answers that were read and not kept yet. */
type Late = Brought[]

async function look(own: Connected, late: Late, { what, which }: Step): Promise<void> {
  const { stripe, ref } = own
  const { feed } = stripe
  const charge = [...stripe.charges.keys()][which % Math.max(1, stripe.charges.size)]
  const returned = [...stripe.returns.values()][which % Math.max(1, stripe.returns.size)]
  switch (what) {
    case 'walk':
      await walkLedger(bench.deps, ref, feed, { pagesMax: 1 + (which % 3) })
      return
    case 'crash': {
      let calls = 0
      stripe.beforeCall = () => {
        if ((calls += 1) > which % 3) throw new StripeFeedError('later', 'timeout', 'Stripe did not answer.')
      }
      await walkLedger(bench.deps, ref, feed).catch(() => {})
      stripe.beforeCall = undefined
      return
    }
    case 'charges':
      await walkCharges(bench.deps, ref, feed, { pagesMax: 1 + (which % 3) })
      return
    case 'charge':
      if (charge) await refreshCharge(bench.deps, ref, feed, charge)
      return
    case 'return':
      if (returned) await refreshReturn(bench.deps, ref, feed, returned.kind, returned.id)
      return
    case 'page': {
      const readAt = await readingBegins(bench.deps, ref)
      const { rows } = await feed.listLedger({}, {})
      late.push({ rows: [...rows, ...rows], readAt })
      return
    }
    default: {
      const readAt = await readingBegins(bench.deps, ref)
      if (charge) late.push({ charges: [await feed.getCharge(charge)], readAt })
      if (returned) late.push({ returns: [{ ...returned }], readAt })
    }
  }
}

const keepLate = (own: Connected, brought: Brought): Promise<void> =>
  bench.deps.store.change(own.ref.tenantId, systemActor('test'), async (tx) => {
    const account = await lockAccountOf(tx, own.ref.id)
    if (account) await keep(tx, bench.deps, account, brought)
  })

/** Everything is read once more, as the nightly pass and the next walks do. */
async function readAll({ stripe, ref }: Connected): Promise<void> {
  const { deps } = bench
  while (!(await walkLedger(deps, ref, stripe.feed)).done);
  while (!(await walkCharges(deps, ref, stripe.feed)).done);
  for (const id of stripe.charges.keys()) await refreshCharge(deps, ref, stripe.feed, id)
  for (const { kind, id } of stripe.returns.values()) await refreshReturn(deps, ref, stripe.feed, kind, id)
  await settleLate(deps, ref)
}

/** What is stored, without what tells one connection from another. A charge that failed without ever being in the ledger is shown
 *  where it was seen pending, and is not where it was not. */
async function stored({ ref }: Connected): Promise<unknown> {
  const id = [uuidOf(ref.id)]
  return {
    ledger: await bench.rows(
      `select external_id, category, amount_minor, fee_minor, net_minor, currency, source_id, charge_id, status
         from stripe_ledger where connection_id = $1 order by external_id`,
      id,
    ),
    charges: await bench.rows(
      `select external_id, amount_minor, captured_minor, refunded_minor, currency, status, captured, disputed, balance_transaction_id,
         names from stripe_charges where connection_id = $1 order by external_id`,
      id,
    ),
    returns: await bench.rows(
      `select external_id, kind, charge_id, amount_minor, status, final, transaction_id is not null as is_line
         from stripe_returns where connection_id = $1 order by external_id`,
      id,
    ),
    lines: await bench.rows(
      `select t.external_id, t.direction, t.amount_minor, t.currency, t.status, t.void, t.note, t.value_on::text, t.reference,
         t.description, t.identity_key
         from transactions t join accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id
        where a.connection_id = $1 and (not t.void or exists (
          select 1 from stripe_ledger l where l.connection_id = $1 and l.source_id = t.external_id))
        order by t.external_id`,
      id,
    ),
    aliases: await bench.rows(
      `select x.value from transaction_aliases x join accounts a on a.tenant_id = x.tenant_id and a.id = x.account_id
         join transactions t on t.tenant_id = x.tenant_id and t.id = x.transaction_id and not t.void
        where a.connection_id = $1 order by x.value`,
      id,
    ),
  }
}

it('whatever happens, and whenever and how often it is read, late answers last: the same rows and lines as one reading at the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const own = await bench.connect({ pageSize: 3 })
      const late: Late = []
      for (const one of steps) if (!happen(own.stripe, one)) await look(own, late, one)
      await readAll(own)
      for (const brought of late.toReversed()) await keepLate(own, brought)
      const fresh = await bench.connect({ stripe: own.stripe })
      await readAll(fresh)
      expect(await stored(own)).toEqual(await stored(fresh))

      const paid = [...own.stripe.charges.values()].filter(isPaid).reduce((sum, one) => sum + one.capturedMinor, 0n)
      const [kept] = await bench.rows<{ sum: string }>(
        `select coalesce(sum(captured_minor), 0) as sum from stripe_charges where connection_id = $1 and status = 'succeeded' and captured`,
        [uuidOf(own.ref.id)],
      )
      expect(BigInt(kept!.sum)).toBe(paid)
    }),
    { numRuns: 15, endOnFailure: true },
  )
}, 120_000)
