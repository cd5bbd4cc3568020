import { idOf, type IdPrefix, newId, uuidOf } from '../../src/base/ids.ts'
import type { TestApp, TestTenant } from './app.ts'

/** A list of the API, and a way to put one more row into it, with values that often repeat or are missing. */
export interface SeededList {
  path: string
  insert(): Promise<void>
}

/** Draws one of the choices: the caller decides how. */
export type Draw = <T>(choices: readonly T[]) => T

const TIMES = [
  '2025-04-10 14:30:00.000001+00',
  '2025-04-10 14:30:00.000002+00',
  '2025-04-10 14:30:01+00',
  '2025-04-11 09:00:00+00',
]
const DAYS = ['2025-04-10', '2025-04-11', null]
const NAMES = ['Marlow', 'Müller', 'marlow', 'Łódź']

/** Every list of the tenant that has rows of its own, seeded past the use cases: only the rows matter here. */
export async function seededLists(app: TestApp, tenant: TestTenant, draw: Draw): Promise<SeededList[]> {
  const tenantUuid = uuidOf(tenant.id)
  const insert = async (table: string, prefix: IdPrefix, row: Record<string, unknown>): Promise<string> => {
    const id = uuidOf(newId(prefix))
    const full: Record<string, unknown> = { tenant_id: tenantUuid, id, created_at: draw(TIMES), ...row }
    if (table !== 'events') full.updated_at = draw(TIMES)
    const names = Object.keys(full)
    const holders = names.map((_, index) => `$${index + 1}`).join(', ')
    const text = `insert into ${table} (${names.join(', ')}) values (${holders})`
    await app.store.read(tenant.id, (tx) => tx.run(text, Object.values(full)))
    return id
  }
  const nullable = (choices: readonly unknown[]) => draw([...choices, null])

  const instance = () =>
    insert('whmcs_instances', 'whm', {
      system_url: `https://${draw(NAMES)}.example`,
      installation: newId('req'),
      mode: draw(['api', 'module']),
      sealed_webhook_secret: Buffer.of(1),
      proof_token: 'x',
      status: draw(['pending', 'active']),
      last_seen_at: nullable(TIMES),
    })
  const connection = () =>
    insert('bank_connections', 'bank', {
      provider: 'file',
      name: draw(NAMES),
      bank_name: draw(NAMES),
      status: draw(['active', 'error']),
      last_sync_at: nullable(TIMES),
    })
  const account = (of = connectionId) =>
    insert('accounts', 'acc', {
      connection_id: of,
      bank_name: draw(NAMES),
      name: draw(NAMES),
      currency: draw(['EUR', 'JPY', 'KWD']),
      identity: newId('req'),
      balance_minor: nullable([100, 1000, -5]),
      balance_at: nullable(TIMES),
    })
  const client = () =>
    insert('clients', 'cli', {
      instance_id: instanceId,
      external_id: newId('req'),
      name: draw(NAMES),
      company: draw(NAMES),
    })
  const invoice = (of = clientId) =>
    insert('invoices', 'inv', {
      instance_id: instanceId,
      client_id: of,
      external_id: newId('req'),
      number: draw(['INV-1', 'INV-2', '']),
      status: draw(['unpaid', 'paid']),
      total_minor: draw([1000, 1001]),
      balance_minor: draw([0, 1000]),
      currency: draw(['EUR', 'JPY']),
      issued_on: draw(DAYS),
      due_on: draw(DAYS),
    })
  const line = () =>
    insert('transactions', 'txn', {
      account_id: accountId,
      source: 'bank',
      direction: draw(['credit', 'debit']),
      amount_minor: draw([1000, 1001]),
      currency: draw(['EUR', 'JPY', 'KWD']),
      booked_on: '2025-04-10',
      value_on: draw(DAYS),
      booked_at: draw(TIMES),
      identity_key: newId('req'),
      fingerprint: 'x',
    })
  const match = async () =>
    insert('matches', 'match', {
      transaction_id: await line(),
      status: 'suggested',
      confidence: draw(['0.5000', '0.9731']),
      score: draw(['0.60', '1.00']),
      match_reason: 'amount_exact_match',
      reasons: '[]',
      decided_at: nullable(TIMES),
    })
  const payment = async () =>
    insert('payments', 'pay', {
      match_id: await match(),
      transaction_id: lineId,
      invoice_id: await invoice(),
      instance_id: instanceId,
      amount_minor: 1,
      currency: draw(['EUR', 'JPY']),
      transid: newId('req'),
      paid_on: '2025-04-10',
      attempts: draw([0, 1, 2]),
      applied_at: nullable(TIMES),
    })
  const event = () =>
    insert('events', 'evt', {
      type: draw(['match.applied', 'invoice.paid']),
      resource_id: newId('inv'),
      body: JSON.stringify({
        id: newId('evt'),
        event_type: 'invoice.paid',
        timestamp: '2025-04-10T14:30:00Z',
        data: {},
      }),
    })
  const webhook = () =>
    insert('webhooks', 'hook', {
      url: `https://${draw(NAMES)}.example`,
      events: ['*'],
      sealed_secret: Buffer.of(1),
      failing_since: nullable(TIMES),
    })
  const delivery = async () =>
    insert('deliveries', 'dlv', {
      webhook_id: webhookId,
      event_id: await event(),
      event_type: draw(['match.applied', 'invoice.paid']),
      status: draw(['delivered', 'dead']),
    })
  const sync = () =>
    insert('bank_syncs', 'sync', {
      connection_id: connectionId,
      status: draw(['done', 'failed']),
      started_at: nullable(TIMES),
      finished_at: nullable(TIMES),
    })
  const statement = () =>
    insert('imports', 'imp', {
      connection_id: connectionId,
      status: draw(['done', 'failed']),
      format: draw(['csv', 'mt940']),
      accounts: 1,
      entries: 1,
      created: 1,
      duplicates: 0,
      balance_check: draw(['ok', 'gap']),
    })
  const key = () =>
    insert('api_keys', 'key', {
      key_id: newId('req'),
      digest: Buffer.of(1),
      pepper_id: '1',
      name: draw(NAMES),
      permissions: ['*'],
      created_by: 'test',
      expires_at: nullable(TIMES),
      last_used_at: nullable(TIMES),
    })

  const [connectionId, instanceId, webhookId] = [await connection(), await instance(), await webhook()]
  const [clientId, accountId] = [await client(), await account()]
  const lineId = await line()
  const list = (path: string, make: () => Promise<string>): SeededList => ({
    path,
    insert: async () => void (await make()),
  })
  return [
    list('/transactions', line),
    list('/invoices', () => invoice()),
    list('/clients', client),
    list('/invoice-matches', match),
    list('/payments', payment),
    list('/whmcs-instances', instance),
    list('/bank-connections', connection),
    list('/bank-accounts', () => account()),
    list(`/bank-connections/${idOf('bank', connectionId)}/syncs`, sync),
    list(`/bank-connections/${idOf('bank', connectionId)}/imports`, statement),
    list('/events', event),
    list('/webhooks', webhook),
    list(`/webhooks/${idOf('hook', webhookId)}/deliveries`, delivery),
    list('/api-keys', key),
  ]
}
