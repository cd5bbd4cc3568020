import type pg from 'pg'
import { type Id, idOf, newId, uuidOf } from '../../server/src/base/ids.ts'
import type { BenchServer } from './server.ts'

const CURRENCIES = ['EUR', 'EUR', 'GBP', 'JPY', 'USD']

/** Puts many lines into the tenant's five accounts: indexes go and come back, which is three times as fast as filling them. */
export async function seedTransactions(
  server: BenchServer,
  pool: pg.Pool,
  rows: number,
): Promise<{ accountId: Id<'acc'> }> {
  const accountId = await makeAccount(server, 'EUR')
  const others = await Promise.all(CURRENCIES.slice(1).map((currency) => makeAccount(server, currency)))
  const client = await pool.connect()
  try {
    await client.query(
      "set synchronous_commit = off; set maintenance_work_mem = '256MB'; set session_replication_role = replica",
    )
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
        where i.indrelid = 'transactions'::regclass and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
    )
    for (const { name } of indexes) await client.query(`drop index ${name}`)
    await client.query(FILL, [uuidOf(server.tenantId), [accountId, ...others].map(uuidOf), CURRENCIES, rows])
    for (const { definition } of indexes) await client.query(definition)
    await client.query('vacuum analyze transactions')
    await client.query('vacuum analyze accounts')
  } finally {
    client.release(true)
  }
  return { accountId }
}

async function makeAccount(server: BenchServer, currency: string): Promise<Id<'acc'>> {
  const { accounts } = (await server.call('POST', '/bank-connections', {
    provider: 'file',
    name: `Bank ${newId('bank')}`,
    account: { name: `Account in ${currency}`, currency },
  })) as unknown as { accounts: [{ id: Id<'acc'> }] }
  return idOf('acc', uuidOf(accounts[0].id))
}

/** One line a minute; one in twenty is unmatched, one in 5,000 set aside. */
const FILL = `insert into transactions (tenant_id, id, account_id, external_id, source, direction, amount_minor, currency, status,
  match_status, booked_on, booked_at, reference, description, counterparty_name, identity_key, fingerprint, created_at, updated_at)
select $1, (lpad(to_hex(1700000000000 + i * 60000), 12, '0') || lpad(to_hex(i), 20, '0'))::uuid, ($2::uuid[])[1 + i % 5], 'ext-' || i, 'bank',
  case when i % 4 = 0 then 'debit' else 'credit' end, 100 + (i * 7919) % 1000000, ($3::text[])[1 + i % 5],
  case when i % 5000 = 0 then 'ignored' else 'processed' end, case when i % 20 = 0 then 'unmatched' else 'applied' end,
  date '2024-01-01' + (i / 1500)::int, timestamptz '2024-01-01' + (i / 1500)::int * interval '1 day', 'INV-' || i,
  'Invoice payment INV-' || i || ' thank you for your business',
  (array['Ann', 'Bob', 'Cem', 'Dörte'])[1 + i % 4] || ' ' || (array['Muller', 'Söhne', 'Marlow', 'Smith', 'Łódź'])[1 + i % 5] || ' GmbH',
  'key-' || i, 'f', to_timestamp(1700000000 + i * 60), to_timestamp(1700000000 + i * 60)
from generate_series(1::bigint, $4::bigint) i`
