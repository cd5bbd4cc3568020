import { Readable } from 'node:stream'
import type { TenantTx } from '../database/transaction.ts'
import { preferred } from './accept.ts'
import { type CsvColumns, cellsOf, csvLine } from './csv.ts'
import { listAll, listBody, listPage, type ListSource } from './list.ts'
import { type Answer, ok } from './route.ts'

const CSV = 'text/csv'
/** Rows read and written at a time: an export of any length takes the memory of two such pieces. */
const PIECE_ROWS = 1000

/** Whether a list is asked for as a file of all its rows. */
export const wantsCsv = (accept: string | undefined): boolean => preferred(accept, ['application/json', CSV]) === CSV

/** Answers a list request: a page as JSON, or, when the caller prefers `text/csv`, all rows that match, in the order asked for.
 *  `read` opens a transaction of the tenant. The first piece is read before the answer begins, so that a failure still is an
 *  error; a later one breaks the answer off, which the caller sees as an unfinished transfer. */
export async function listAnswer(
  context: { query: Record<string, unknown>; requestId: string; header(name: string): string | undefined },
  list: {
    read<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>
    /** The same for statements that stand each for itself. */
    look<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>
    source: ListSource
    present(row: { id: string }): unknown
    /** The name of the file, and its columns. */
    csv: { file: string; columns: CsvColumns }
  },
): Promise<Answer> {
  const { source, present, csv } = list
  if (!wantsCsv(context.header('accept'))) {
    // A search sets what its statement may use, so both need one transaction.
    const open = context.query.q === undefined ? list.look : list.read
    const page = await open((tx) => listPage(tx, source, context.query))
    return { ...ok(listBody(page, present, context.requestId)), headers: { vary: 'accept' } }
  }
  const pieces = listAll((work) => list.read(work), source, context.query, PIECE_ROWS)
  const first = await pieces.next()
  async function* lines(): AsyncGenerator<string> {
    yield csvLine(csv.columns)
    for (let piece = first; !piece.done; piece = await pieces.next()) {
      yield piece.value.map((row) => csvLine(cellsOf(present(row), csv.columns))).join('')
    }
  }
  return {
    status: 200,
    body: Readable.from(lines(), { objectMode: false, highWaterMark: 64 * 1024 }),
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${csv.file}.csv"`,
      vary: 'accept',
    },
  }
}
