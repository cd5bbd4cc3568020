import type { StatementAccount, StatementEntry } from './types.ts'

/** One statement of one account as the file holds it. A file may hold a statement for each day. */
export interface AccountPart {
  account: string | null
  currency: string | null
  /** The bank's own name of this statement: with it a repeated one is known. Empty where the format has none. */
  id: string
  entries: StatementEntry[]
  openingMinor: bigint | null
  closingMinor: bigint | null
  /** Day of the opening balance, to put statements in order; null where the file does not say. */
  openedOn: string | null
  /** The closing balance was taken in the middle of a day: it proves nothing when it does not fit. */
  closingIsInterim?: boolean
  /** Set by a reader that checked more than opening and closing balance, row by row. */
  rowCheck?: PartCheck
  line: number
}

export interface PartCheck {
  check: 'ok' | 'gap' | 'unknown'
  differenceMinor: bigint | null
}

/** Joins the statements of each account: entries stay in the order of the file, balances are chained in the order of days.
 *  A statement that stands in the file twice counts once and is named in `rejected`. */
export function joinParts(parts: AccountPart[]): {
  accounts: StatementAccount[]
  rejected: { line: number; reason: string }[]
} {
  const rejected: { line: number; reason: string }[] = []
  const groups = Map.groupBy(parts, (part) => `${part.account ?? ''}|${part.currency ?? ''}`)
  const accounts = [...groups.values()].map((group) => {
    const seen = new Set<string>()
    const distinct = group.filter((part) => {
      const print = fingerprint(part)
      if (print === null || !seen.has(print)) {
        if (print !== null) seen.add(print)
        return true
      }
      rejected.push({ line: part.line, reason: `The statement ${part.id} stands in the file twice; it counts once.` })
      return false
    })
    return joinAccount(distinct)
  })
  return { accounts, rejected }
}

/** The balance a file proves or disproves for one statement. */
function checkBalance(part: AccountPart): PartCheck {
  if (part.rowCheck !== undefined) return part.rowCheck
  if (part.openingMinor === null || part.closingMinor === null) return { check: 'unknown', differenceMinor: null }
  const differenceMinor = part.closingMinor - part.openingMinor - sumOf(part.entries)
  if (differenceMinor === 0n) return { check: 'ok', differenceMinor: null }
  return part.closingIsInterim ? { check: 'unknown', differenceMinor: null } : { check: 'gap', differenceMinor }
}

/** Credits less debits. */
export const sumOf = (entries: readonly StatementEntry[]): bigint =>
  entries.reduce((sum, entry) => sum + (entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor), 0n)

function joinAccount(parts: AccountPart[]): StatementAccount {
  const chain = parts.every((part) => part.openedOn !== null)
    ? parts.toSorted((a, b) => (a.openedOn! < b.openedOn! ? -1 : a.openedOn! > b.openedOn! ? 1 : 0))
    : parts
  const checks = chain.map(checkBalance)
  let balanceCheck: StatementAccount['balanceCheck'] = checks.some(({ check }) => check === 'unknown')
    ? 'unknown'
    : 'ok'
  let differenceMinor = checks.reduce((sum, { differenceMinor: one }) => sum + (one ?? 0n), 0n)
  for (let at = 1; at < chain.length; at++) {
    const closing = chain[at - 1]!.closingMinor
    const opening = chain[at]!.openingMinor
    if (closing === null || opening === null || closing === opening) continue
    differenceMinor += opening - closing
    balanceCheck = chain[at]!.openedOn !== null && chain[at]!.openedOn === chain[at - 1]!.openedOn ? 'overlap' : 'gap'
  }
  if (checks.some(({ check }) => check === 'gap')) balanceCheck = 'gap'
  return {
    account: parts[0]!.account,
    currency: parts[0]!.currency,
    entries: parts.length === 1 ? parts[0]!.entries : parts.flatMap((part) => part.entries),
    openingMinor: chain[0]!.openingMinor,
    closingMinor: chain[chain.length - 1]!.closingMinor,
    balanceCheck,
    balanceDifferenceMinor: balanceCheck === 'gap' ? differenceMinor : null,
  }
}

function fingerprint(part: AccountPart): string | null {
  if (part.id === '') return null
  const entries = part.entries.map(
    (entry) => `${entry.bookedOn}${entry.direction}${entry.amountMinor}${entry.description}`,
  )
  return JSON.stringify([part.id, String(part.openingMinor), String(part.closingMinor), part.openedOn, entries])
}
