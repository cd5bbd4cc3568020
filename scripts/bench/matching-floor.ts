import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { readInvoices } from '../../server/src/cli/invoice-file.ts'
import { readTransactions } from '../../server/src/cli/transaction-file.ts'

/** The floor of P1, in a process of its own: reads the same two files into the same rows and writes a line for each bank line,
 *  and decides nothing. `node matching-floor.ts <transactions> <invoices> <out>` */
const [transactionsFile = '', invoicesFile = '', outFile = ''] = process.argv.slice(2)
const nothing = (): void => {}
const { invoices } = await readInvoices(invoicesFile, nothing)
const { transactions } = await readTransactions(transactionsFile, 'EUR', nothing)
const out = createWriteStream(outFile)
let chunk = ''
for (const { id, date, amountMinor, currency } of transactions) {
  chunk += `${JSON.stringify({ transaction_id: id, date, amount: String(amountMinor), currency, open: invoices.length })}\n`
  if (chunk.length < 262_144) continue
  if (!out.write(chunk)) await once(out, 'drain')
  chunk = ''
}
out.end(chunk)
await finished(out)
