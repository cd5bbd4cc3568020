import { addDays } from '../../base/clock.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import { type Alert, closeAlert, openAlert } from '../../events/alerts.ts'
import { listBankAccounts, listEverTold, listTold, type UnfoundPayout } from './bank-queries.ts'
import { addBusinessDays } from './business-days.ts'
import type { PayoutDeps } from './deps.ts'
import { PAYOUTS } from './keep-payouts.ts'
import { isUnderWay } from './merge-payout.ts'
import type { BankLine } from './pair-lines.ts'
import { looksLikeStripe } from './stripe-like.ts'

/** Working days after which a payout should be on the statement, and a line of Stripe should have its payout (reference 3.6). */
const PATIENCE_DAYS = 5
export const NOT_FOUND = 'payout_not_found'
export const WITHOUT_PAYOUT = 'bank_line_without_payout'

/** Opens an alert for each payout that should be on the bank account by now and is not, and for each line that reads like Stripe's
 *  and belongs to no payout; each once. Alerts about lines that were decided or set aside meanwhile end. */
export async function watchPayouts(
  { store, clock }: Pick<PayoutDeps, 'store' | 'clock'>,
  tenantId: TenantId,
  open: {
    payouts: readonly UnfoundPayout[]
    lines: readonly BankLine[]
    candidates: ReadonlyMap<Id<'pout'>, readonly Id<'txn'>[]>
    /** Whether a Stripe account is connected, and since when its payouts are known. */
    active: boolean
    since: string | null
  },
): Promise<void> {
  const today = clock.now().toISOString().slice(0, 10)
  const isLate = (day: string): boolean => addBusinessDays(day, PATIENCE_DAYS) < today
  const latePayouts = open.payouts.filter((payout) => isUnderWay(payout) && isLate(payout.arrivalOn))
  // A line that may be a payout is told about with the payout.
  const named = new Set([...open.candidates.values()].flat())
  const strange = open.lines.filter((line) => open.active && !named.has(line.id) && isOrphan(line, open.since))
  const lateLines = strange.filter((line) => isLate(line.bookedOn))
  const { news, over } = await store.read(tenantId, async (tx) => {
    const toldPayouts = await listEverTold(tx, NOT_FOUND, idsOf(latePayouts))
    const toldLines = await listEverTold(tx, WITHOUT_PAYOUT, idsOf(lateLines))
    const accounts = latePayouts.length > 0 ? await listBankAccounts(tx) : []
    const hasAccount = ({ currency, arrivalOn }: UnfoundPayout): boolean =>
      accounts.some((account) => account.currency === currency && account.since <= addDays(arrivalOn, PATIENCE_DAYS))
    const still = new Set<string>(idsOf(strange))
    return {
      news: [
        ...latePayouts
          .filter((payout) => !toldPayouts.has(payout.id) && hasAccount(payout))
          .map((payout) => notFound(payout, open.candidates.get(payout.id)?.length ?? 0)),
        ...lateLines.filter(({ id }) => !toldLines.has(id)).map(withoutPayout),
      ],
      over: (await listTold(tx, WITHOUT_PAYOUT)).filter((id) => !still.has(id)),
    }
  })
  if (news.length + over.length === 0) return
  await store.change(tenantId, PAYOUTS, async (tx) => {
    for (const alert of news) await openAlert(tx, alert)
    for (const id of over) await closeAlert(tx, WITHOUT_PAYOUT, id)
  })
}

const idsOf = (some: readonly { id: string }[]): string[] => some.map(({ id }) => id)

/** Money in that nobody decided about, from the time since which payouts are known. */
const isOrphan = (line: BankLine, since: string | null): boolean =>
  line.state === 'free' && line.amountMinor > 0n && since !== null && line.bookedOn >= since && looksLikeStripe(line)

function notFound(payout: UnfoundPayout, candidates: number): Alert {
  const next =
    candidates > 0
      ? `${candidates === 1 ? 'A line' : `${candidates} lines`} may be it: look at the payout and choose.`
      : 'See whether the bank account it goes to is connected and up to date; otherwise ask Stripe where the money is.'
  return {
    code: NOT_FOUND,
    severity: 'warning',
    subject: { type: 'payout', id: payout.id },
    message: `Payout ${payout.externalId} of ${money(payout)} should have arrived on ${payout.arrivalOn} and is not found on a bank account. ${next}`,
  }
}

const withoutPayout = (line: BankLine): Alert => ({
  code: WITHOUT_PAYOUT,
  severity: 'warning',
  subject: { type: 'transaction', id: line.id },
  message: `The line of ${line.bookedOn} over ${money(line)} reads like a payout of Stripe, but no connected Stripe account has such a payout. It is not matched automatically: connect the account it comes from, choose its payout, or match it by hand.`,
})

const money = ({ amountMinor, currency }: { amountMinor: bigint; currency: string }): string =>
  `${formatAmount(amountMinor, currency)} ${currency}`
