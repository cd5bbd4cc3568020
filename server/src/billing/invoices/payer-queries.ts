import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** What a person said of a payer: it pays for this client, or never does. */
export type PayerSays = 'pays' | 'never'

/** Somebody who has paid for a client before, as a person decided, or of whom a person said whether it pays for them. */
export interface PayerRow {
  /** Its number within the client, for good: the first is 1. */
  n: number
  name: string
  iban: string | null
  /** Payments that people gave to the client's invoices. */
  payments: number
  /** Null where none of them counts: only what a person said is known. */
  lastPaidOn: string | null
  says: PayerSays | null
  saidAt: Date | null
}

/** Of these the ones listed: nobody reads more, and a client who pays from everywhere is no reason for a long answer. */
const PAYERS_MAX = 20

/** Everyone people's decisions and words told of, with what of it is remembered. A number that was kept stays; the others follow in the
 *  order they came. Decisions that were taken back count for the numbers alone. */
const NUMBERED = `with decided as (
    select i.client_id, m.id as match_id, t.counterparty_name as name, t.counterparty_iban as iban,
           payer_key(t.counterparty_name, t.counterparty_iban) as key, t.booked_on, coalesce(s.answered_at, m.decided_at) as decided_at,
           m.status in ('approved', 'applied') as stands
      from invoices i
      join match_allocations l on l.tenant_id = i.tenant_id and l.invoice_id = i.id
      join matches m on m.tenant_id = l.tenant_id and m.id = l.match_id and m.status in ('approved', 'applied', 'failed', 'superseded', 'reversed')
      left join spot_checks s on s.tenant_id = m.tenant_id and s.match_id = m.id and s.answer = 'right'
      join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id and t.counterparty_name <> ''
     where i.tenant_id = $1 and i.client_id = any($2::uuid[]) and (m.decided_by not like 'system%' or s.answer is not null)
  ), seen as (
    select d.client_id, d.key, min(d.name) as name, min(d.iban) as iban, min(d.match_id::text) as first,
           count(distinct d.match_id) filter (where d.stands and d.decided_at > coalesce(f.forgotten_at, '-infinity')) as payments,
           max(d.booked_on) as last_paid_on, max(d.decided_at) as decided_at
      from decided d
      left join forgotten_payers f on f.tenant_id = $1 and f.client_id = d.client_id and f.payer_key = d.key
     group by d.client_id, d.key
  ), kept as (
    select * from client_payers where tenant_id = $1 and client_id = any($2::uuid[])
  ), payers as (
    select coalesce(k.client_id, s.client_id) as client_id, coalesce(k.payer_key, s.key) as key, coalesce(k.name, s.name) as name,
           coalesce(k.iban, s.iban) as iban, k.n is not null as kept, k.says, k.said_at, coalesce(s.payments, 0) as payments, s.last_paid_on,
           greatest(s.decided_at, k.said_at) as told_at,
           coalesce(k.n, coalesce(max(k.n) over (partition by coalesce(k.client_id, s.client_id)), 0)
             + row_number() over (partition by coalesce(k.client_id, s.client_id), k.n is null order by s.first)) as n
      from seen s full join kept k on k.client_id = s.client_id and k.payer_key = s.key
  )`

const SHOWN = '(payments > 0 or says is not null)'
const COLUMNS = `client_id, n, name, iban, payments, case when payments > 0 then last_paid_on::text end as last_paid_on, says, said_at`

interface PayerRecord {
  client_id: string
  n: string
  name: string
  iban: string | null
  payments: string
  last_paid_on: string | null
  says: PayerSays | null
  said_at: Date | null
}

const payerOf = (row: PayerRecord): PayerRow => ({
  n: Number(row.n),
  name: row.name,
  iban: row.iban,
  payments: Number(row.payments),
  lastPaidOn: row.last_paid_on,
  says: row.says,
  saidAt: row.said_at,
})

/** Who pays for each of these clients, the latest told of first: what matching remembers. */
export async function payersOf(tx: TenantTx, ids: readonly Id<'cli'>[]): Promise<Map<Id<'cli'>, PayerRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.many<PayerRecord>(
    `${NUMBERED} select ${COLUMNS} from payers where ${SHOWN} order by client_id, told_at desc, n`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  const payers = new Map<Id<'cli'>, PayerRow[]>()
  for (const row of rows) {
    const id = idOf('cli', row.client_id)
    const list = payers.get(id) ?? []
    if (list.length < PAYERS_MAX) payers.set(id, [...list, payerOf(row)])
  }
  return payers
}

/** The client's n-th payer, if anything of it is remembered. */
export async function getPayer(tx: TenantTx, id: Id<'cli'>, n: number): Promise<PayerRow | undefined> {
  const row = await tx.first<PayerRecord>(`${NUMBERED} select ${COLUMNS} from payers where n = $3 and ${SHOWN}`, [
    tx.tenantUuid,
    [uuidOf(id)],
    n,
  ])
  return row && payerOf(row)
}

/** Holds the client against others who say something of its payers, and keeps the number that each payer has by now. To be called
 *  before any of them is changed. */
export async function keepNumbers(tx: TenantTx, id: Id<'cli'>): Promise<void> {
  await tx.one('select id from clients where tenant_id = $1 and id = $2 for no key update', [tx.tenantUuid, uuidOf(id)])
  await tx.run(
    `${NUMBERED} insert into client_payers (tenant_id, client_id, n, payer_key, name, iban)
      select $1, client_id, n, key, name, iban from payers where not kept`,
    [tx.tenantUuid, [uuidOf(id)]],
  )
}

/** A payer as a person names it. `iban`: as electronic banking writes it, without blanks. */
export interface NamedPayer {
  name: string
  iban: string | null
}

/** The number of this very payer, whether anything is remembered of it or not. To be asked after `keepNumbers`. */
export async function numberOf(tx: TenantTx, id: Id<'cli'>, payer: NamedPayer): Promise<number | undefined> {
  const row = await tx.first<{ n: number }>(
    'select n from client_payers where tenant_id = $1 and client_id = $2 and payer_key = payer_key($3, $4)',
    [tx.tenantUuid, uuidOf(id), payer.name, payer.iban],
  )
  return row?.n
}

/** Gives a payer the next number. Returns it. */
export async function addPayer(tx: TenantTx, id: Id<'cli'>, payer: NamedPayer): Promise<number> {
  const row = await tx.one<{ n: number }>(
    `insert into client_payers (tenant_id, client_id, n, payer_key, name, iban)
     select $1, $2, coalesce(max(n), 0) + 1, payer_key($3, $4), $3, $4 from client_payers where tenant_id = $1 and client_id = $2
     returning n`,
    [tx.tenantUuid, uuidOf(id), payer.name, payer.iban],
  )
  return row.n
}

/** Says of the n-th payer whether it pays for the client; null: nothing any more. */
export async function setSays(
  tx: TenantTx,
  id: Id<'cli'>,
  n: number,
  said: { says: PayerSays; at: Date } | null,
): Promise<void> {
  await tx.run('update client_payers set says = $4, said_at = $5 where tenant_id = $1 and client_id = $2 and n = $3', [
    tx.tenantUuid,
    uuidOf(id),
    n,
    said?.says ?? null,
    said?.at ?? null,
  ])
}

/** Another name or account for the n-th payer. The former ones get a number of their own: they may pay again. `other`: the number that was
 *  kept for the new ones. */
export async function renamePayer(
  tx: TenantTx,
  id: Id<'cli'>,
  n: number,
  payer: NamedPayer,
  other: number | undefined,
): Promise<void> {
  const before = await tx.one<NamedPayer>(
    'select name, iban from client_payers where tenant_id = $1 and client_id = $2 and n = $3',
    [tx.tenantUuid, uuidOf(id), n],
  )
  const write = (number: number, { name, iban }: NamedPayer, key = 'payer_key($4, $5)') =>
    tx.run(
      `update client_payers set name = $4, iban = $5, payer_key = ${key} where tenant_id = $1 and client_id = $2 and n = $3`,
      [tx.tenantUuid, uuidOf(id), number, name, iban],
    )
  if (other === n) return void (await write(n, payer))
  // No two have one key, not even for a moment.
  if (other !== undefined) await write(other, before, "''")
  await write(n, payer)
  if (other === undefined) await addPayer(tx, id, before)
  else await write(other, before)
}

/** What decisions until `at` say about the client's n-th payer counts no longer. To be called after `keepNumbers`. */
export async function forgetDecisions(tx: TenantTx, id: Id<'cli'>, n: number, at: Date): Promise<void> {
  await tx.run(
    `insert into forgotten_payers (tenant_id, client_id, payer_key, forgotten_at)
     select tenant_id, client_id, payer_key, $4 from client_payers where tenant_id = $1 and client_id = $2 and n = $3
     on conflict (tenant_id, client_id, payer_key) do update set forgotten_at = excluded.forgotten_at`,
    [tx.tenantUuid, uuidOf(id), n, at],
  )
}

/** How many payers of the client a person said something of. */
export async function countTaught(tx: TenantTx, id: Id<'cli'>): Promise<number> {
  const row = await tx.one<{ count: number }>(
    'select count(*)::int as count from client_payers where tenant_id = $1 and client_id = $2 and says is not null',
    [tx.tenantUuid, uuidOf(id)],
  )
  return row.count
}

/** What people said of payers, the latest first: part of the engine's memory. */
export interface TaughtRow extends NamedPayer {
  clientId: Id<'cli'>
  says: PayerSays
  /** YYYY-MM-DD, in UTC. */
  saidOn: string
}

export async function listTaught(tx: TenantTx, limit: number): Promise<TaughtRow[]> {
  const rows = await tx.many<{
    client_id: string
    name: string
    iban: string | null
    says: PayerSays
    said_on: string
  }>(
    `select client_id, name, iban, says, (said_at at time zone 'UTC')::date::text as said_on from client_payers
      where tenant_id = $1 and says is not null order by said_at desc, client_id, n limit $2`,
    [tx.tenantUuid, limit],
  )
  return rows.map(({ client_id: clientId, said_on: saidOn, ...row }) => ({
    ...row,
    clientId: idOf('cli', clientId),
    saidOn,
  }))
}
