import assert from 'node:assert/strict'
import { eventually, stage } from './shared.ts'

let root: string | undefined
/** The switches of the simulated WHMCS, and what it says of itself: sandbox/src/whmcs/README.md. */
export async function control(
  name: string,
  body?: unknown,
): Promise<any> /* oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came */ {
  root ??= (await stage.api('GET', '/whmcs-instances')).body.data[0].system_url as string
  const how = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(new URL(`/__control/${name}`, root), how)
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return JSON.parse(text)
}

/** An invoice of WHMCS, and a line of the bank that pays it and waits for a person. */
export interface Billed {
  /** In WHMCS. */
  invoice: number
  number: string
  client: number
  /** Transaction and match. */
  line: string
  match: string
}

/** Bills a client of WHMCS, lets the mirror see it, and has the money come in. `of`: how much of it comes; all, if not said. */
export async function billed(number: string, total: string, of = total): Promise<Billed> {
  const name = `Rosa ${number}`
  const { clients } = await control('seed', { clients: [{ name, email: `${number}@example.com` }] })
  const client = clients[0] as number
  const { invoices } = await control('seed', { invoices: [{ client, number, total }] })
  const mirror = await mirrored(number, 'unpaid')
  const account = (await stage.api('GET', '/bank-accounts')).body.data[0].id
  const made = await stage.api('POST', '/transactions', {
    account_id: account,
    amount: of,
    currency: 'EUR',
    transaction_date: new Date().toISOString().slice(0, 10),
    description: `Invoice ${number}`,
    counterparty: { name },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const line = made.body.id as string
  // Part of an invoice is for a person to put together.
  const put = await stage.api('POST', '/invoice-matches', {
    transaction_id: line,
    allocations: [{ invoice_id: mirror, amount: of }],
    apply: false,
  })
  assert.equal(put.status, 201, JSON.stringify(put.body))
  return { invoice: invoices[0] as number, number, client, line, match: put.body.id }
}

/** Has the mirror look now, and waits until it shows the invoice so. Returns the invoice's id here. */
export async function mirrored(number: string, status: string): Promise<string> {
  const instance = (await stage.api('GET', '/whmcs-instances')).body.data[0].id as string
  await stage.api('POST', `/whmcs-instances/${instance}/sync`)
  const { body } = await eventually(
    () => stage.api('GET', `/invoices?q=${number}`),
    (answer) => answer.body.data?.length === 1 && answer.body.data[0].status === status,
    `invoice ${number} is mirrored`,
  )
  return body.data[0].id
}

/** Rows of WHMCS's ledger on this invoice. */
export async function rowsOf(invoice: number): Promise<{ transid: string; amountin: string; amountout: string }[]> {
  const { transactions } = await control('books')
  return transactions.filter(({ invoiceid }: { invoiceid: number }) => invoiceid === invoice)
}
