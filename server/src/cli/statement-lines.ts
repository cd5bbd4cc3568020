import { formatAmount } from '../base/money.ts'
import type { Statement, StatementEntry } from '../statements/index.ts'

/** A booked line in the shape of `payymo reconcile` (contract 5); the amount is a decimal string. */
export interface StatementLine {
  id: string
  amount: string
  currency: string | null
  direction: 'credit' | 'debit'
  date: string
  reference: string
  description: string
  counterparty: { name: string; iban: string | null }
}

/** Kinds of ids that a bank gives to one entry. An end-to-end id is the payer's and may repeat. */
const OWN_IDS = new Set(['acct_svcr_ref', 'ntry_ref', 'fitid', 'bank_ref', 'tx_id'])

/** Ids for the entries of a file, per account: the bank's own reference, else the line; numbered where one occurs again.
 *  The same file always gives the same ids. */
export function entryIds(statement: Statement): string[][] {
  const used = new Map<string, number>()
  return statement.accounts.map((account) =>
    account.entries.map((entry) => {
      const id = entry.bankIds.find(({ kind }) => OWN_IDS.has(kind))?.value ?? lineId(entry)
      const times = (used.get(id) ?? 0) + 1
      used.set(id, times)
      return times === 1 ? id : `${id}#${times}`
    }),
  )
}

/** The lines of each account, in the order of the file. */
export function statementLines(statement: Statement): StatementLine[][] {
  const ids = entryIds(statement)
  return statement.accounts.map((account, a) =>
    account.entries.map((entry, e) => ({
      id: ids[a]![e]!,
      amount: amountText(entry.amountMinor, entry.currency),
      currency: entry.currency === '' ? null : entry.currency,
      direction: entry.direction,
      date: entry.bookedOn,
      reference: entry.reference,
      description: entry.description,
      counterparty: entry.counterparty,
    })),
  )
}

/** Two decimals where nobody says which currency it is. */
export const amountText = (amountMinor: bigint, currency: string | null): string =>
  currency === null || currency === '' ? formatAmount(amountMinor, 'XXX') : formatAmount(amountMinor, currency)

const lineId = (entry: StatementEntry): string => `line-${entry.line}`
