import type { Pool } from 'pg'
import { idOf } from '../../src/base/ids.ts'
import { verifyAudit } from '../../src/events/audit.ts'
import type { Company, Stage } from './company.ts'

/** One thing that must hold, and what was found where it does not. */
export interface Check {
  name: string
  faults: string[]
}

export const ONE_TO_ONE = 'applied payments and the journal of WHMCS are the same, one to one'
export const NO_CREDIT = 'no money that we sent became credit of a client'

/** Faults quoted of one check; more would only hide the first. */
const QUOTED = 5

/** What must hold after every scenario (reliability K). `log`: all lines the workers wrote; `sqlStates`: error codes of the
 *  database that the scenario provokes. The stage is quiet: no worker runs. */
export async function checkInvariants(
  stage: Stage,
  run: { log: readonly string[]; sqlStates?: readonly string[] },
): Promise<Check[]> {
  const { pool } = stage.payymo.database
  const rows = async (sql: string): Promise<string[]> =>
    (await pool.query<{ text: string }>(sql)).rows.map((row) => row.text)
  const booked = await Promise.all(stage.companies.map((company) => bookedAsWanted(pool, company)))
  const checks: [string, string[] | Promise<string[]>][] = [
    [ONE_TO_ONE, booked.flat()],
    [NO_CREDIT, stage.companies.flatMap(({ simulator }) => credits(simulator.journal()))],
    ['at most two calls at once at each installation', parallel(stage.companies)],
    [
      'parts never exceed their line',
      rows(`select 'transaction ' || t.id as text from transactions t
              join (select tenant_id, transaction_id, sum(amount_minor) as sum from payments
                     where state not in ('refused', 'reversed') group by 1, 2) p
                on p.tenant_id = t.tenant_id and p.transaction_id = t.id
             where p.sum > t.amount_minor or t.allocated_minor > t.amount_minor`),
    ],
    [
      'one row per line of the provider',
      rows(
        `select account_id || ' ' || identity_key as text from transactions group by tenant_id, account_id, identity_key having count(*) > 1`,
      ),
    ],
    [
      'a match is applied, or reversed, exactly when all its payments are, with one event and one audit row',
      matches(pool),
    ],
    ['every part that a match promised is a payment', rows(PROMISED)],
    ['every ended payment has one audit row that says so', audited(pool)],
    ['every event has its deliveries, none more than six attempts', rows(DELIVERED)],
    ['each event was seen by the receiver or its delivery is listed as dead', seen(pool, stage)],
    [
      'no lease older than a lease and a minute',
      rows(
        `select 'payment ' || id as text from payments where lease_until < now() - interval '60 seconds' / ${stage.environment.PAYYMO_TIME_SCALE}
         union all select 'undo ' || id from undos where lease_until < now() - interval '60 seconds' / ${stage.environment.PAYYMO_TIME_SCALE}`,
      ),
    ],
    [
      'no unknown older than a quarter of an hour without an alert',
      rows(
        `select 'payment ' || id as text from payments p where state = 'unknown'
            and unknown_since < now() - interval '16 minutes' / ${stage.environment.PAYYMO_TIME_SCALE}
            and not exists (select 1 from alerts a where a.tenant_id = p.tenant_id and a.code = 'payment_unknown' and a.closed_at is null)`,
      ),
    ],
    ['audit chains verify', chains(stage)],
    ['no foreign key joins two tenants', rows(FOREIGN_KEYS)],
    ['no secret stands outside ciphertext', secrets(pool, stage, run.log)],
    ['no unhandled rejection and no unknown database error in the logs', logFaults(run.log, run.sqlStates ?? [])],
  ]
  return Promise.all(checks.map(async ([name, faults]) => ({ name, faults: (await faults).slice(0, QUOTED) })))
}

type Journal = ReturnType<Company['simulator']['journal']>

/** Both books side by side: what we say is applied, what WHMCS really booked. */
async function bookedAsWanted(pool: Pool, company: Company): Promise<string[]> {
  const { rows } = await pool.query<{ text: string; state: string; transid: string }>(
    `select p.state, p.transid, 'payment ' || p.transid || ' ' || i.external_id || ' ' || p.amount_minor || ' ' || p.currency as text
       from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
       join whmcs_instances w on w.tenant_id = p.tenant_id and w.id = p.instance_id where w.system_url = $1
     union all
     select u.state, u.transid, 'refund ' || u.transid || ' ' || i.external_id || ' ' || p.amount_minor || ' ' || p.currency
       from undos u join payments p on p.tenant_id = u.tenant_id and p.id = u.id
       join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
       join whmcs_instances w on w.tenant_id = p.tenant_id and w.id = p.instance_id where w.system_url = $1`,
    [company.simulator.url],
  )
  // What was taken back stands there twice: once in, once out.
  const ours = rows.filter((row) => ['applied', 'reversed', 'done'].includes(row.state)).map((row) => row.text)
  const theirs = company.simulator
    .journal()
    .filter((entry) => entry.kind !== 'credit' && entry.transid.startsWith('PYM-'))
    .map((entry) => `${entry.kind} ${entry.transid} ${entry.invoiceid} ${entry.amountMinor} ${entry.currency}`)
  return [
    ...without(ours, theirs).map((text) => `we say applied, WHMCS does not hold: ${text}`),
    ...without(theirs, ours).map((text) => `WHMCS holds, we do not say applied: ${text}`),
  ]
}

/** What stands in the first list more often than in the second. */
function without(list: string[], other: string[]): string[] {
  const left = new Map<string, number>()
  for (const text of other) left.set(text, (left.get(text) ?? 0) + 1)
  return list.filter((text) => {
    const count = left.get(text) ?? 0
    left.set(text, count - 1)
    return count <= 0
  })
}

const credits = (journal: Journal): string[] =>
  journal
    .filter((entry) => entry.kind === 'credit' && entry.transid.startsWith('PYM-'))
    .map((entry) => `${entry.cause} ${entry.amount} ${entry.transid}`)

async function parallel(companies: Company[]): Promise<string[]> {
  const counts = await Promise.all(companies.map(({ simulator }) => simulator.counts()))
  return counts.flatMap((count) =>
    ['addinvoicepayment', 'addtransaction', 'updateinvoice', 'addcredit'].flatMap((action) => {
      const most = count[action]?.parallelMax ?? 0
      return most > 2 ? [`${most} of ${action} at once`] : []
    }),
  )
}

/** Ids stand as uuid in tables and as prefixed text in events and audit rows: the two are joined here. */
async function matches(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; status: string; all_of: string; booked: string; reversed: string }>(
    `select m.id, m.status, count(p.id) as all_of, count(p.id) filter (where p.state in ('applied', 'reversed')) as booked,
            count(p.id) filter (where p.state = 'reversed') as reversed
       from matches m left join payments p on p.tenant_id = m.tenant_id and p.match_id = m.id group by m.tenant_id, m.id, m.status`,
  )
  const said = await countBy(pool, `select resource_id || ' ' || type as key from events where type like 'match.%'`)
  const audit = await countBy(
    pool,
    `select resource_id || ' ' || action as key from audit_events where action like 'match.%'`,
  )
  return rows.flatMap((row) => {
    const id = idOf('match', row.id)
    const booked = row.all_of !== '0' && row.all_of === row.booked
    const reversed = booked && row.all_of === row.reversed
    const status = reversed ? 'reversed' : booked ? 'applied' : undefined
    const once = (wanted: boolean, event: string, action: string): boolean =>
      (said.get(`${id} ${event}`) ?? 0) === Number(wanted) && (audit.get(`${id} ${action}`) ?? 0) === Number(wanted)
    const fits =
      (status === undefined ? !['applied', 'reversed'].includes(row.status) : row.status === status) &&
      once(booked, 'match.applied', 'match.apply') &&
      once(reversed, 'match.reversed', 'match.reverse')
    return fits ? [] : [`${id} ${row.status}: ${row.booked} of ${row.all_of} booked, ${row.reversed} reversed`]
  })
}

const ENDINGS = { applied: 'payment.apply', refused: 'payment.refuse', quarantined: 'payment.quarantine' } as const

async function audited(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; state: string }>('select id, state from payments')
  const audit = await countBy(
    pool,
    `select resource_id || ' ' || action as key from audit_events where action like 'payment.%' and action <> 'payment.lose_sight'`,
  )
  const faults = rows.flatMap(({ id: uuid, state }) => {
    const id = idOf('pay', uuid)
    return ['payment.request', ...Object.values(ENDINGS)].flatMap((action) => {
      // What was taken back was applied before.
      const ended = state === 'reversed' ? 'applied' : state
      const wanted = action === 'payment.request' || action === ENDINGS[ended as 'applied'] ? 1 : 0
      const count = audit.get(`${id} ${action}`) ?? 0
      return count === wanted ? [] : [`${id} is ${state}: ${action} ${count} times`]
    })
  })
  return faults
}

async function countBy(pool: Pool, sql: string): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ key: string }>(sql)
  const counts = new Map<string, number>()
  for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** A match's allocations, and payments of the same invoice and amount that are live. */
const PROMISED = `
  select 'match ' || l.match_id || ' invoice ' || l.invoice_id as text
    from match_allocations l join matches m on m.tenant_id = l.tenant_id and m.id = l.match_id
   where m.status in ('approved', 'applied')
     and 1 <> (select count(*) from payments p where p.tenant_id = l.tenant_id and p.match_id = l.match_id and p.invoice_id = l.invoice_id
                  and p.amount_minor = l.amount_minor and p.currency = l.currency)`

const DELIVERED = `
  select 'delivery ' || id || ' attempts ' || attempt as text from deliveries where attempt > 6
  union all
  select 'event ' || e.id || ' has ' || d.n || ' deliveries'
    from events e, lateral (select count(*) as n from deliveries d where d.tenant_id = e.tenant_id and d.event_id = e.id) d
   where (e.type like 'match.%' or e.type like 'payment.%') and d.n <> 1`

const FOREIGN_KEYS = `
  select conrelid::regclass || ' ' || conname as text
    from pg_constraint k
   where contype = 'f' and connamespace = 'public'::regnamespace and confrelid <> 'tenants'::regclass
     -- People belong to no tenant: what refers to them joins none.
     and exists (select 1 from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'tenant_id')
     and not exists (
       select 1 from unnest(k.conkey, k.confkey) as pair (own, other)
         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.own and a.attname = 'tenant_id'
         join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.other and b.attname = 'tenant_id')`

async function seen(pool: Pool, stage: Stage): Promise<string[]> {
  const { rows } = await pool.query<{ event_id: string; status: string }>('select event_id, status from deliveries')
  return rows.flatMap(({ event_id, status }) => {
    const id = idOf('evt', event_id)
    return stage.receiver.seen.has(id) || status === 'dead' ? [] : [`${id} ${status}`]
  })
}

async function chains(stage: Stage): Promise<string[]> {
  const verdicts = await Promise.all(
    stage.companies.map(({ tenantId }) => stage.payymo.store.read(tenantId, verifyAudit)),
  )
  return verdicts.flatMap(({ valid, firstBroken }) => (valid ? [] : [`broken at ${firstBroken}`]))
}

async function secrets(pool: Pool, stage: Stage, log: readonly string[]): Promise<string[]> {
  const forms = stage.canaries.flatMap((canary) => [
    canary,
    Buffer.from(canary).toString('hex'),
    Buffer.from(canary).toString('base64'),
    encodeURIComponent(canary),
  ])
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await pool.query<{ n: string }>(
      `select count(*) as n from ${name} t where exists (select 1 from unnest($1::text[]) as form where strpos(t::text, form) > 0)`,
      [forms],
    )
    if (rows[0]!.n !== '0') found.push(`${name}: ${rows[0]!.n} rows`)
  }
  return [...found, ...log.filter((line) => forms.some((form) => line.includes(form))).map(() => 'a log line')]
}

/** Codes of five characters are PostgreSQL's; those of lost connections come from the system. */
function logFaults(log: readonly string[], sqlStates: readonly string[]): string[] {
  return log.flatMap((line) => {
    if (/unhandled|InvariantError|Assertion/i.test(line)) return [line.slice(0, 300)]
    const codes = [...line.matchAll(/"code":"([0-9A-Z]{5})"/g)].map((found) => found[1]!)
    return codes.some((code) => /\d/.test(code) && !sqlStates.includes(code)) ? [line.slice(0, 300)] : []
  })
}
