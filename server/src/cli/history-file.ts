import type { MatchInvoice, PastDecision } from '../matching/index.ts'
import { eachValue } from './json-values.ts'
import { RowFaults } from './row-faults.ts'
import { asRow, RowFault } from './row-fields.ts'
import { faultOf, toTransaction } from './transaction-file.ts'

/** Reads past decisions, JSON lines in the shape of contract 5. Rows that cannot be used are named in `faults`, and so are those
 *  that name none of `invoices`: nothing is learned from them. */
export async function readHistory(
  file: string,
  invoices: readonly MatchInvoice[],
  onRow: () => void,
): Promise<{ history: PastDecision[]; faults: RowFaults }> {
  const faults = new RowFaults(file)
  const history: PastDecision[] = []
  const lines: number[] = []
  const take = (value: unknown, line: number) => {
    onRow()
    try {
      history.push(toDecision(value))
      lines.push(line)
    } catch (error) {
      faults.add(line, faultOf(error))
    }
  }
  await eachValue(file, take, (line, reason) => faults.add(line, reason))
  noteUnknown(history, lines, invoices, faults)
  return { history, faults }
}

function noteUnknown(
  history: readonly PastDecision[],
  lines: readonly number[],
  invoices: readonly MatchInvoice[],
  faults: RowFaults,
): void {
  const unknown = new Set(history.flatMap(({ invoiceIds }) => invoiceIds))
  for (const { id } of invoices) unknown.delete(id)
  history.forEach(({ invoiceIds }, at) => {
    const first = invoiceIds.find((id) => unknown.has(id))
    if (first === undefined) return
    faults.note(
      'that name invoices which are not in the book',
      lines[at] ?? 0,
      `"invoice_ids" names ${JSON.stringify(first.slice(0, 40))}, which is no invoice of the book; nothing is learned from it.`,
    )
  })
}

function toDecision(value: unknown): PastDecision {
  const row = asRow(value)
  const ids = row.invoice_ids
  if (!Array.isArray(ids)) throw new RowFault('"invoice_ids" is not a list.')
  if (typeof row.accepted !== 'boolean') throw new RowFault('"accepted" is neither true nor false.')
  return {
    transaction: toTransaction(asRow(row.transaction, '"transaction"')),
    invoiceIds: ids.map((id: unknown) => {
      if (typeof id === 'string' || Number.isSafeInteger(id)) return String(id)
      throw new RowFault('"invoice_ids" holds something that is no id.')
    }),
    accepted: row.accepted,
  }
}
