import type { PastDecision } from '../matching/index.ts'
import { eachLine, parseExact } from './json-lines.ts'
import { RowFaults } from './row-faults.ts'
import { asRow, RowFault } from './row-fields.ts'
import { faultOf, toTransaction } from './transaction-file.ts'

/** Reads past decisions, JSON lines in the shape of contract 5. Rows that cannot be used are named in `faults`. */
export async function readHistory(
  file: string,
  onRow: () => void,
): Promise<{ history: PastDecision[]; faults: RowFaults }> {
  const faults = new RowFaults(file)
  const history: PastDecision[] = []
  await eachLine(file, (text, line) => {
    onRow()
    try {
      history.push(toDecision(parseExact(text)))
    } catch (error) {
      faults.add(line, faultOf(error))
    }
  })
  return { history, faults }
}

function toDecision(value: unknown): PastDecision {
  const row = asRow(value)
  const ids = row.invoice_ids
  if (!Array.isArray(ids)) throw new RowFault('"invoice_ids" is not a list.')
  if (typeof row.accepted !== 'boolean') throw new RowFault('"accepted" is neither true nor false.')
  return {
    transaction: toTransaction(asRow(row.transaction, '"transaction"')),
    invoiceIds: ids.map((id: unknown) => {
      if (typeof id !== 'string' && typeof id !== 'number')
        throw new RowFault('"invoice_ids" holds something that is no id.')
      return String(id)
    }),
    accepted: row.accepted,
  }
}
