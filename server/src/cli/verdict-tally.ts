import { formatAmount } from '../base/money.ts'
import type { MatchTransaction, Verdict } from '../matching/index.ts'

/** Counts verdicts for the sentence at the end. */
export class VerdictTally {
  readonly #lines: Record<Verdict['decision'], number> = { auto: 0, review: 0, none: 0 }
  #debits = 0
  /** What is sure, by currency. */
  readonly #sure = new Map<string, bigint>()

  add({ direction, currency, amountMinor }: MatchTransaction, decision: Verdict['decision']): void {
    this.#lines[decision] += 1
    if (direction === 'debit') this.#debits += 1
    if (decision === 'auto') this.#sure.set(currency, (this.#sure.get(currency) ?? 0n) + amountMinor)
  }

  /** `faults`: rows of the files that could not be used. */
  summary(faults: number): string {
    const { auto, review, none } = this.#lines
    const lines = auto + review + none
    const money = [...this.#sure]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([code, sum]) => `${formatAmount(sum, code)} ${code}`)
    const parts = [
      `${lines} bank ${lines === 1 ? 'line' : 'lines'}: ${auto} sure${money.length > 0 ? ` (${money.join(', ')})` : ''}`,
      `${review} to be looked at`,
      `${none} without an invoice${this.#debits > 0 ? ` (${this.#debits} of them money out)` : ''}`,
    ]
    return `${parts.join(', ')}.${faults > 0 ? ` ${faults} ${faults === 1 ? 'row' : 'rows'} of the files could not be used, see above.` : ''}\n`
  }
}
