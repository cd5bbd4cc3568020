import { formatAmount } from '../base/money.ts'
import type { Allocation, MatchInvoice, MatchTransaction, Reason, Verdict } from '../matching/index.ts'

export type OutputFormat = 'table' | 'json' | 'csv' | 'jsonl'

export const OUTPUT_FORMATS: OutputFormat[] = ['table', 'json', 'csv', 'jsonl']

/** What a format writes before, for, between and after the verdicts. */
export interface VerdictWriter {
  head: string
  line(transaction: MatchTransaction, verdict: Verdict): string
  separator: string
  tail: string
  /** The tail is written even where there are no verdicts. */
  always: boolean
}

/** Writers of the formats. JSON in the shape of contract 5; amounts are numbers with exactly the decimals of their currency.
 *  Nothing depends on the clock or the machine: the same verdicts give the same bytes. */
export function verdictWriter(format: OutputFormat, invoices: readonly MatchInvoice[]): VerdictWriter {
  const writers: Record<OutputFormat, () => VerdictWriter> = {
    table: () => tableWriter(invoices),
    json: () => ({ head: '[\n', line: toJson, separator: ',\n', tail: '\n]\n', always: true }),
    csv: () => ({ head: `${CSV_COLUMNS.join(',')}\n`, line: toCsv, separator: '\n', tail: '\n', always: false }),
    jsonl: () => ({ head: '', line: toJson, separator: '\n', tail: '\n', always: false }),
  }
  return writers[format]()
}

/** Written by hand around the lists of reasons: an object made only to be printed takes as long as the rest, a hundred thousand times. */
function toJson(transaction: MatchTransaction, verdict: Verdict): string {
  const { best, alternatives } = verdict
  const head = `{"transaction_id":${JSON.stringify(verdict.transactionId)},"decision":"${verdict.decision}"`
  const ofBest = `"confidence":${best?.confidence ?? null},"score":${best?.score ?? null},"allocations":${allocations(best?.allocations ?? [], transaction)}`
  const others = alternatives.map(
    (other) => `{"allocations":${allocations(other.allocations, transaction)},"confidence":${other.confidence}}`,
  )
  // Joined into one text at once: put together with + it would stay in pieces until it is printed, far apart in a full memory.
  return [head, ofBest, `"reasons":[${listed(reasonsOf(verdict))}]`, `"alternatives":[${others.join(',')}]}`].join(',')
}

function listed(reasons: readonly Reason[]): string {
  let list = ''
  for (const { code, weight, text } of reasons)
    list += `${list === '' ? '' : ','}{"code":"${code}","weight":${weight},"text":${quoted(text)}}`
  return list
}

/** The same few dozen sentences come up all the time; those with a number or a day in them are made anew. */
const sentences = new Map<string, string>()
const sentencesMax = 500

function quoted(text: string): string {
  const known = sentences.get(text)
  if (known !== undefined) return known
  const json = JSON.stringify(text)
  if (sentences.size < sentencesMax) sentences.set(text, json)
  return json
}

/** The evidence, and why the decision is not more than it is. */
const reasonsOf = ({ best, withheld }: Verdict): readonly Reason[] =>
  best === null ? withheld : withheld.length === 0 ? best.reasons : [...best.reasons, ...withheld]

/** `currency` is named only where it is not the transaction's. */
function allocations(list: readonly Allocation[], transaction: MatchTransaction): string {
  const written = list.map(({ invoiceId, amountMinor, currency }) => {
    const more = currency === transaction.currency ? '' : `,"currency":"${currency}"`
    return `{"invoice_id":${JSON.stringify(invoiceId)},"amount":${formatAmount(amountMinor, currency)}${more}}`
  })
  return `[${written.join(',')}]`
}

const CSV_COLUMNS = [
  'transaction_id',
  'date',
  'amount',
  'currency',
  'direction',
  'decision',
  'confidence',
  'score',
  'invoices',
  'reasons',
]

function toCsv(transaction: MatchTransaction, verdict: Verdict): string {
  return [
    verdict.transactionId,
    transaction.date,
    formatAmount(transaction.amountMinor, transaction.currency),
    transaction.currency,
    transaction.direction,
    verdict.decision,
    verdict.best?.confidence.toFixed(4) ?? '',
    verdict.best?.score ?? '',
    (verdict.best?.allocations ?? [])
      .map((one) => `${one.invoiceId}=${formatAmount(one.amountMinor, one.currency)}`)
      .join(' '),
    reasonsOf(verdict)
      .map((reason) => reason.code)
      .join(' '),
  ]
    .map((cell) => csvCell(String(cell)))
    .join(',')
}

/** A spreadsheet runs what begins with these signs; an apostrophe keeps it a text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const TABLE: { title: string; width: number; right?: true }[] = [
  { title: 'date', width: 10 },
  { title: 'amount', width: 14, right: true },
  { title: 'cur', width: 3 },
  { title: 'payer', width: 26 },
  { title: 'decision', width: 8 },
  { title: 'sure', width: 6, right: true },
  { title: 'invoices', width: 24 },
  { title: 'why', width: 80 },
]

/** What holds the decision back, else the two strongest pieces of evidence, else why named invoices were ruled out. */
function whyOf(verdict: Verdict): string {
  const evidence = (verdict.best?.reasons ?? []).toSorted((one, other) => other.weight - one.weight).slice(0, 2)
  const held = verdict.withheld[0]?.text
  return held ?? (evidence.map((reason) => reason.text).join(' ') || (verdict.ruledOut[0]?.text ?? ''))
}

function tableWriter(invoices: readonly MatchInvoice[]): VerdictWriter {
  const numbers = new Map(invoices.filter(({ number }) => number !== '').map(({ id, number }) => [id, number]))
  const row = (cells: string[]) =>
    cells
      .map((cell, at) => {
        const { width, right } = TABLE[at]!
        // oxlint-disable-next-line no-control-regex -- texts of banks must not steer the terminal
        const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
        const cut = plain.length > width ? `${plain.slice(0, width - 1)}…` : plain
        return right ? cut.padStart(width) : cut.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return {
    head: `${row(TABLE.map(({ title }) => title))}\n`,
    line: (transaction, verdict) =>
      row([
        transaction.date,
        `${transaction.direction === 'debit' ? '-' : ''}${formatAmount(transaction.amountMinor, transaction.currency)}`,
        transaction.currency,
        transaction.counterparty.name || transaction.description,
        verdict.decision,
        verdict.best?.confidence.toFixed(4) ?? '',
        (verdict.best?.allocations ?? []).map(({ invoiceId }) => numbers.get(invoiceId) ?? invoiceId).join(' '),
        whyOf(verdict),
      ]),
    separator: '\n',
    tail: '\n',
    always: false,
  }
}
