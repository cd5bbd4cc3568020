import { parseArgs } from 'node:util'
import { buildMonth } from './month.ts'

/** Prints the month in words: `node sandbox/src/month/main.ts --today YYYY-MM-DD --seed N`; with `--lines` every line, with
 *  `--json bank` or `--json whmcs` the seed that a simulator's program takes. */
const { values } = parseArgs({
  options: {
    today: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    seed: { type: 'string', default: '20260' },
    lines: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const month = buildMonth({ today: values.today, seed: Number.parseInt(values.seed, 10) })

if (values.json === 'bank' || values.json === 'whmcs') console.log(JSON.stringify(month[values.json]))
else summarise()

function summarise(): void {
  const account = month.bank.accounts[0]!
  const { invoices = [], clients = [], payments = [] } = month.whmcs
  const status = (wanted: string): number => invoices.filter((invoice) => invoice.status === wanted).length
  console.log(`${month.company.name} (${month.company.domain}), ${month.company.bank}, ${month.company.iban}`)
  console.log(`${month.from} to ${month.today}, balance ${account.balance} ${account.currency}`)
  console.log(
    `${clients.length} clients; ${invoices.length} invoices: ${status('Unpaid')} open, ${status('Paid')} paid, ` +
      `${status('Cancelled')} cancelled; ${payments.length} payments booked before`,
  )
  const { recorded, missing, truth } = month.cards
  console.log(
    `${recorded.length + missing.length} card payments: ${recorded.length} recorded in WHMCS, ${missing.length} missing there; ` +
      `${truth.payouts.length} payouts, ${truth.bankLines.length} of them at the bank`,
  )
  const incoming = account.transactions.filter((line) => !line.amount.startsWith('-')).length
  console.log(`${account.transactions.length} bank lines, ${incoming} of them money in`)
  for (const expected of ['auto', 'review', 'none', 'already_booked'] as const) {
    const fitting = month.truth.filter((truth) => truth.expected === expected)
    console.log(`\n${expected}: ${fitting.length}`)
    for (const [kind, truths] of Map.groupBy(fitting, (truth) => truth.kind)) {
      console.log(`  ${String(truths.length).padStart(4)}  ${kind.padEnd(18)} ${truths[0]!.why}`)
    }
  }
  if (!values.lines) return
  console.log('')
  for (const [n, line] of account.transactions.entries()) {
    const truth = month.truth[n]!
    const text = [line.text ?? ''].flat().join('|')
    const who = line.counterparty?.name ?? ''
    console.log(
      `${line.bookingDate}  ${line.amount.padStart(10)}  ${who.padEnd(30).slice(0, 30)}  ${text.padEnd(44).slice(0, 44)}  ${truth.expected}  ${truth.invoiceIds.join('+')}`,
    )
  }
}
