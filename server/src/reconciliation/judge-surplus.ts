import type { Id } from '../base/ids.ts'
import { decimalsOf, formatAmount } from '../base/money.ts'
import { getInvoices, listInstances } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Proposal, Reason } from '../matching/index.ts'
import type { TransactionRow } from '../transactions/index.ts'
import { promisedOn } from './queries.ts'

/** An invoice as far as a surplus is concerned. */
export interface SurplusInvoice {
  /** What is open on it beside payments under way. */
  freeMinor: bigint
  clientId: string
  /** Null where it came by API. */
  instanceId: Id<'whm'> | null
}

/** What the installations are set to do with a surplus. */
export type SurplusPolicies = ReadonlyMap<Id<'whm'>, 'leave' | 'credit'>

/** Money of a line beyond the invoices that a match settles, and what becomes of it. */
export interface Surplus {
  amountMinor: bigint
  /** `credit`: of the client, in WHMCS, booked with the last of the payments. Otherwise it stays on the transaction. */
  goesTo: 'credit' | 'transaction'
  reason: Reason
}

interface Part {
  invoiceId: string
  amountMinor: bigint
}

/** What is left of a line when these parts go to their invoices; undefined when nothing is, or when an invoice stays open: then
 *  somebody left the rest on purpose. It becomes credit only where all invoices are of one client and of one installation that is
 *  set to that. `restMinor`: of the line, before these parts. Pure. */
export function judgeSurplus(given: {
  restMinor: bigint
  currency: string
  parts: readonly Part[]
  invoices: ReadonlyMap<string, SurplusInvoice>
  policies: SurplusPolicies
}): Surplus | undefined {
  const { parts, invoices } = given
  const amountMinor = parts.reduce((rest, part) => rest - part.amountMinor, given.restMinor)
  const settled = parts.every((part) => invoices.get(part.invoiceId)?.freeMinor === part.amountMinor)
  if (amountMinor <= 0n || parts.length === 0 || !settled) return undefined
  const owners = [...new Set(parts.map((part) => invoices.get(part.invoiceId)!.clientId))]
  const { instanceId } = invoices.get(parts[0]!.invoiceId)!
  const credit = instanceId !== null && given.policies.get(instanceId) === 'credit'
  const money = `${formatAmount(amountMinor, given.currency)} ${given.currency}`
  const more = `${money} are more than ${parts.length === 1 ? 'the invoice takes' : 'the invoices take'}`
  if (credit && owners.length === 1 && isStorable(amountMinor, given.currency)) {
    const text = `${more}; they become credit of the client in WHMCS.`
    return { amountMinor, goesTo: 'credit', reason: { code: TO_CREDIT, weight: 0, text } }
  }
  const why = !credit
    ? ''
    : owners.length > 1
      ? ', since the invoices are of several clients'
      : ', since WHMCS keeps two decimals only'
  const text = `${more}; they stay unallocated on the transaction${why}.`
  return { amountMinor, goesTo: 'transaction', reason: { code: LEFT, weight: 0, text } }
}

/** What WHMCS cannot hold must not keep the invoices from being paid. */
function isStorable(amountMinor: bigint, currency: string): boolean {
  const beyond = decimalsOf(currency) - 2
  return beyond <= 0 || amountMinor % 10n ** BigInt(beyond) === 0n
}

const TO_CREDIT = 'surplus_to_credit'
const LEFT = 'surplus_left'

const isAboutSurplus = ({ code }: Reason): boolean => code === TO_CREDIT || code === LEFT

/** The reasons with what is now said of a surplus, in place of what was. */
export const withSurplus = (reasons: readonly Reason[], surplus: Surplus | undefined): Reason[] => [
  ...reasons.filter((reason) => !isAboutSurplus(reason)),
  ...(surplus ? [surplus.reason] : []),
]

/** What the reasons say of a surplus; empty for nothing. */
export const surplusText = (reasons: readonly Reason[]): string => reasons.find(isAboutSurplus)?.text ?? ''

/** As `judgeSurplus`, of proposals for lines that nobody has decided, by the book that the engine was given. */
export const surplusJudge =
  (invoices: ReadonlyMap<string, SurplusInvoice>, policies: SurplusPolicies) =>
  (line: TransactionRow, { allocations }: Pick<Proposal, 'allocations'>): Surplus | undefined => {
    const { amountMinor: restMinor, currency } = line
    if (allocations.some((part) => part.currency !== currency)) return undefined
    return judgeSurplus({ restMinor, currency, parts: allocations, invoices, policies })
  }

/** As `judgeSurplus`, of invoices as they stand in this change; the caller holds line and invoices. `spokenMinor`: what of the
 *  line is booked or under way already. */
export async function surplusOf(
  tx: TenantTx,
  line: TransactionRow,
  parts: readonly (Part & { invoiceId: Id<'inv'> })[],
  spokenMinor = 0n,
): Promise<Surplus | undefined> {
  const ids = parts.map((part) => part.invoiceId)
  const promised = await promisedOn(tx, ids)
  const rows = await getInvoices(tx, ids)
  return judgeSurplus({
    restMinor: line.amountMinor - spokenMinor,
    currency: line.currency,
    parts,
    policies: await loadPolicies(tx),
    invoices: new Map(
      rows.map((row) => [
        row.id,
        {
          freeMinor: row.balanceMinor - (promised.get(row.id) ?? 0n),
          clientId: row.client.id,
          instanceId: row.instanceId,
        },
      ]),
    ),
  })
}

export const loadPolicies = async (tx: TenantTx): Promise<SurplusPolicies> =>
  new Map((await listInstances(tx)).map((instance) => [instance.id, instance.settings.surplus]))
