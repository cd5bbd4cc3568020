import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** Somebody who has paid for a client before, as a person decided. */
export interface PayerRow {
  /** Its number within the client, for good: the first who paid is 1. */
  n: number
  name: string
  ibanLast4: string | null
  /** Payments that people gave to the client's invoices. */
  payments: number
  lastPaidOn: string
}

/** Of these the ones listed: nobody reads more, and a client who pays from everywhere is no reason for a long answer. */
const PAYERS_MAX = 20

/** Everyone people's decisions told of, numbered in the order they came, with what of it is remembered. Decisions that were taken back
 *  count for the numbers alone. */
const NUMBERED = `with decided as (
    select i.client_id, m.id as match_id, t.counterparty_name as name, t.counterparty_iban as iban,
           payer_key(t.counterparty_name, t.counterparty_iban) as key, t.booked_on, m.decided_at, m.status in ('approved', 'applied') as stands
      from invoices i
      join match_allocations l on l.tenant_id = i.tenant_id and l.invoice_id = i.id
      join matches m on m.tenant_id = l.tenant_id and m.id = l.match_id and m.status in ('approved', 'applied', 'failed', 'superseded', 'reversed')
       and m.decided_by not like 'system%'
      join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id and t.counterparty_name <> ''
     where i.tenant_id = $1 and i.client_id = any($2::uuid[])
  ), payers as (
    select d.client_id, d.key, min(d.name) as name, right(min(d.iban), 4) as iban_last4,
           row_number() over (partition by d.client_id order by min(d.match_id::text)) as n,
           count(distinct d.match_id) filter (where d.stands and d.decided_at > coalesce(f.forgotten_at, '-infinity')) as payments,
           max(d.booked_on) as last_paid_on, max(d.decided_at) as decided_at
      from decided d
      left join forgotten_payers f on f.tenant_id = $1 and f.client_id = d.client_id and f.payer_key = d.key
     group by d.client_id, d.key
  )`

/** Who has paid for each of these clients, the latest first: what matching remembers. */
export async function payersOf(tx: TenantTx, ids: readonly Id<'cli'>[]): Promise<Map<Id<'cli'>, PayerRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.many<{
    client_id: string
    n: string
    name: string
    iban_last4: string | null
    payments: string
    last_paid_on: string
  }>(
    `${NUMBERED} select client_id, n, name, iban_last4, payments, last_paid_on::text as last_paid_on from payers
      where payments > 0 order by client_id, decided_at desc, n`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  const payers = new Map<Id<'cli'>, PayerRow[]>()
  for (const row of rows) {
    const id = idOf('cli', row.client_id)
    const list = payers.get(id) ?? []
    if (list.length === PAYERS_MAX) continue
    const { name, iban_last4: ibanLast4, last_paid_on: lastPaidOn } = row
    payers.set(id, [...list, { n: Number(row.n), name, ibanLast4, payments: Number(row.payments), lastPaidOn }])
  }
  return payers
}

/** Forgets what decisions until `at` say about the client's n-th payer. Returns its name, or undefined when nothing is remembered. */
export async function forgetPayer(tx: TenantTx, id: Id<'cli'>, n: number, at: Date): Promise<string | undefined> {
  const row = await tx.first<{ name: string; key: string }>(
    `${NUMBERED} select name, key from payers where n = $3 and payments > 0`,
    [tx.tenantUuid, [uuidOf(id)], n],
  )
  if (!row) return undefined
  await tx.run(
    `insert into forgotten_payers (tenant_id, client_id, payer_key, forgotten_at) values ($1, $2, $3, $4)
     on conflict (tenant_id, client_id, payer_key) do update set forgotten_at = excluded.forgotten_at`,
    [tx.tenantUuid, uuidOf(id), row.key, at],
  )
  return row.name
}
