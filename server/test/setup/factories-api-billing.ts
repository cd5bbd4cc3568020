import type { Id } from '../../src/base/ids.ts'
import { createAsk } from '../../src/reconciliation/ask-aside.ts'
import { type MatchRun, matchTransactions } from '../../src/reconciliation/match-transactions.ts'
import type { TestAnswer, TestApp, TestTenant } from './app.ts'
import { makeAccount } from './factories.ts'
import { TODAY } from './factories-reconciliation.ts'

/** A tenant without any WHMCS: one bank account, and invoices by API. */
export interface ApiBillingBench {
  tenant: TestTenant
  account: Id<'acc'>
  get(path: string): Promise<TestAnswer['body']>
  /** POST /invoices; everything has a default. */
  post(invoice?: object): Promise<TestAnswer>
  patch(id: string, change: object): Promise<TestAnswer>
  /** As `post`, for an invoice that is to be there; its body. */
  invoice(invoice?: object): Promise<TestAnswer['body']>
  line(amount: number, text?: string, more?: object): Promise<Id<'txn'>>
  /** A match by hand, of one line with one invoice. */
  match(line: string, invoiceId: string, amount: number, more?: object): Promise<TestAnswer>
  decide(matchId: string, status: 'approved' | 'rejected' | 'reversed'): Promise<TestAnswer>
  /** One run of the matching job. */
  run(): Promise<MatchRun>
  /** Types of the events about a resource, in order. */
  events(resourceId: string): Promise<string[]>
  /** Actions of the audit rows about a resource, in order. */
  audits(resourceId: string): Promise<string[]>
}

let count = 0

export async function createApiBillingBench(
  app: TestApp,
  matching: object = { mode: 'suggest' },
): Promise<ApiBillingBench> {
  const tenant = await app.tenant({ settings: { matching } })
  const account = await makeAccount(app, tenant)
  const listed = async (column: string, table: string, order: string, id: string): Promise<string[]> => {
    const rows = await app.store.read(tenant.id, (tx) =>
      tx.many<{ text: string }>(
        `select ${column} as text from ${table} where tenant_id = $1 and resource_id = $2 order by ${order}`,
        [tx.tenantUuid, id],
      ),
    )
    return rows.map((row) => row.text)
  }
  const bench: ApiBillingBench = {
    tenant,
    account,
    get: async (path) => (await tenant.call('GET', path)).body,
    post: (invoice = {}) =>
      tenant.call('POST', '/invoices', {
        number: `R-${(count += 1) + 5000}`,
        total: 50,
        currency: 'EUR',
        client: { name: 'Ada Marlow', company: 'Marlow Hosting' },
        ...invoice,
      }),
    patch: (id, change) => tenant.call('PATCH', `/invoices/${id}`, change),
    invoice: async (invoice) => {
      const answer = await bench.post(invoice)
      if (answer.status !== 201) throw new Error(`no invoice: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
    line: async (amount, text = '', more = {}) => {
      const answer = await tenant.call('POST', '/transactions', {
        account_id: account,
        amount,
        currency: 'EUR',
        transaction_date: TODAY,
        description: text,
        counterparty: { name: 'Marlow Hosting' },
        ...more,
      })
      if (answer.status !== 201) throw new Error(`no line: ${JSON.stringify(answer.body)}`)
      return answer.body.id
    },
    match: (line, invoiceId, amount, more = {}) =>
      tenant.call('POST', '/invoice-matches', { transaction_id: line, invoice_id: invoiceId, amount, ...more }),
    decide: (id, status) => tenant.call('PATCH', `/invoice-matches/${id}`, { status }),
    run: () => matchTransactions({ store: app.store, today: () => TODAY, ask: createAsk() }, tenant.id),
    events: (id) => listed('type', 'events', 'id', id),
    audits: (id) => listed('action', 'audit_events', 'sequence', id),
  }
  return bench
}
