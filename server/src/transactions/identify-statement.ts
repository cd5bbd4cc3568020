import type { IncomingRow } from './identify.ts'

/** What a statement reader tells of one line, as far as identity needs it. */
export interface StatementLine {
  /** The same for all details of one collective entry. */
  line: number
  amountMinor: bigint
  currency: string
  direction: 'credit' | 'debit'
  bookedOn: string
  valueOn: string | null
  description: string
  counterparty: { name: string; iban: string | null }
  bankIds: readonly { kind: string; value: string }[]
}

/** Lines of one account of a statement as rows to identify, in the same order. Details carry their entry's references as
 *  ids of kind `entry_ref`; they are shown only where they add up to the entry, so its total is their sum. */
export function rowsOfStatement(lines: readonly StatementLine[]): IncomingRow[] {
  const totals = new Map<string, bigint>()
  for (const line of lines) {
    const entry = entryOf(line)
    totals.set(entry, (totals.get(entry) ?? 0n) + signed(line))
  }
  return lines.map((line) => {
    const refs = refsOf(line)
    return {
      amountMinor: signed(line),
      currency: line.currency,
      bookedOn: line.bookedOn,
      valueOn: line.valueOn,
      status: 'booked',
      counterpartyName: line.counterparty.name,
      counterpartyIban: line.counterparty.iban,
      text: line.description,
      aliases: line.bankIds.filter(({ kind }) => kind !== 'entry_ref'),
      ...(refs.length > 0 ? { collective: { refs, amountMinor: totals.get(entryOf(line))! } } : {}),
    }
  })
}

const signed = (line: StatementLine): bigint => (line.direction === 'credit' ? line.amountMinor : -line.amountMinor)
const refsOf = (line: StatementLine): string[] =>
  line.bankIds.filter(({ kind }) => kind === 'entry_ref').map(({ value }) => value)
const entryOf = (line: StatementLine): string => [line.line, ...refsOf(line)].join('|')
