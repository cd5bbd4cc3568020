import type pg from 'pg'
import { idOf, type TenantId } from '../../base/ids.ts'
import { withDirectory, withOwner } from '../../database/transaction.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { about, type Finding } from './finding.ts'

/** Work that is due is taken within seconds; later than this, nobody takes it. */
const LATE_SECONDS = { warning: 300, problem: 3_600 }
/** What was sent and answered by nobody is known within minutes, once WHMCS answers. */
const DOUBT_SECONDS = 900
const TENANTS_SHOWN = 20

/** Jobs that wait, by queue, and those that were given up within a day. */
export const checkJobs = (pool: pg.Pool): Promise<Finding> =>
  withOwner(pool, async (tx) => {
    const check = about('work.jobs')
    const { made } = await tx.one<{ made: boolean }>("select to_regclass('pgboss.job') is not null as made")
    if (!made) return check.skipped('There is no queue yet: the first start makes it.')
    const rows = await tx.many<{ name: string; waiting: number; failed: number; late: number | null }>(
      `select name, count(*) filter (where state in ('created', 'retry', 'active'))::int as waiting,
              count(*) filter (where state = 'failed')::int as failed,
              floor(extract(epoch from now() - min(start_after) filter (where state in ('created', 'retry'))))::int as late
         from pgboss.job
        where state in ('created', 'retry', 'active') or (state = 'failed' and completed_on > now() - interval '1 day')
        group by name order by name`,
    )
    const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0)
    const waiting = sum((row) => row.waiting)
    const failed = sum((row) => row.failed)
    const late = Math.max(0, ...rows.map((row) => row.late ?? 0))
    const queues = rows.map((row) => `${row.name} ${row.waiting} waiting ${row.failed} failed`)
    const facts = { waiting, failed, overdue_seconds: late, queues }
    const found = `${waiting} jobs wait, ${failed} were given up within a day${queues.length === 0 ? '' : ` (${queues.join(', ')})`}.`
    if (late > LATE_SECONDS.warning)
      return lateness(check, `${found} The oldest has been due for ${late} s.`, late, facts)
    if (failed > 0)
      return check.warning(found, 'The log says why, under "work failed" with the name of the queue.', facts)
    return check.ok(found, facts)
  })

/** What a module books waits for its next call, which no worker of ours can hasten. */
const OURS = `(i.id is null or i.mode = 'api' or i.status = 'disconnected' or i.verified_at is null)`

/** Rows of payments, or of what takes payments back, that a worker should have taken. */
const dueOf = (table: 'payments' | 'undos'): string =>
  `${table} w join tenants t on t.tenant_id = w.tenant_id and t.status = 'active'
     left join whmcs_instances i on i.tenant_id = w.tenant_id and i.id = w.instance_id
    where w.state in ('pending', 'sending', 'unknown') and w.next_attempt_at <= now()
      and (w.lease_until is null or w.lease_until < now()) and ${OURS}`

/** What is due, oldest first: payments and what takes them back, webhook deliveries, mails; and what stands still. Over all tenants that are at work. */
export const checkDue = (pool: pg.Pool): Promise<Finding[]> =>
  withDirectory(pool, async (tx) => {
    const kinds = [
      {
        check: 'work.payments',
        what: 'payments',
        from: dueOf('payments'),
        at: 'w.next_attempt_at',
      },
      {
        check: 'work.undos',
        what: 'payments to take back',
        from: dueOf('undos'),
        at: 'w.next_attempt_at',
      },
      {
        check: 'work.deliveries',
        what: 'webhook deliveries',
        from: "deliveries w join tenants t on t.tenant_id = w.tenant_id and t.status = 'active' where w.status = 'pending' and w.due_at <= now()",
        at: 'w.due_at',
      },
      {
        check: 'work.mails',
        what: 'mails',
        from: "mails w join tenants t on t.tenant_id = w.tenant_id and t.status = 'active' where w.due_at <= now()",
        at: 'w.due_at',
      },
    ]
    const findings: Finding[] = []
    for (const { check: name, what, from, at } of kinds) {
      const { due, late } = await tx.one<{ due: number; late: number }>(
        `select count(*)::int as due, floor(coalesce(extract(epoch from now() - min(${at})), 0))::int as late from ${from}`,
      )
      const check = about(name)
      const facts = { due, overdue_seconds: late }
      findings.push(
        late > LATE_SECONDS.warning
          ? lateness(check, `${due} ${what} are due, the oldest for ${late} s.`, late, facts)
          : check.ok(
              due === 0 ? `No ${what} wait to be taken.` : `${due} ${what} are due, the oldest for ${late} s.`,
              facts,
            ),
      )
    }
    const { held, stopped, doubtful, doubted } = await tx.one<{
      held: number
      stopped: number
      doubtful: number
      doubted: number
    }>(
      `select (select count(*)::int from payments where state = 'quarantined') as held,
              (select count(*)::int from undos where state = 'needs_person') as stopped,
              (select count(*)::int from payments where state = 'unknown' and unknown_since < now() - $1 * interval '1 second') as doubtful,
              (select count(*)::int from undos where state = 'unknown' and unknown_since < now() - $1 * interval '1 second') as doubted`,
      [DOUBT_SECONDS],
    )
    if (doubtful + doubted > 0) {
      findings.push(
        about('work.in_doubt').problem(
          `Of ${doubtful} payments and ${doubted} payments to take back it has not been known for a quarter of an hour or more whether WHMCS did what was sent. Nothing is sent again before that is known.`,
          'See whether these WHMCS installations answer: ./payymo doctor --live --tenant <slug> tests those of a tenant, and GET /payments?state=unknown says which payments they are.',
          { waiting: doubtful + doubted },
        ),
      )
    }
    if (stopped > 0) {
      findings.push(
        about('work.undos_stopped').warning(
          `${stopped} payments are not wholly taken back: WHMCS refused a step, or something there does not fit.`,
          'GET /payments/{id} says under undo.left what is to be done in WHMCS; then decide by POST /payments/{id}/resolve.',
          { waiting: stopped },
        ),
      )
    }
    if (held > 0) {
      findings.push(
        about('work.quarantined').warning(
          `${held} payments wait for a person: nobody can say from here whether WHMCS booked them.`,
          'Look at each in WHMCS and decide by POST /payments/{id}/resolve.',
          { waiting: held },
        ),
      )
    }
    return findings
  })

function lateness(
  check: ReturnType<typeof about>,
  found: string,
  late: number,
  facts: Parameters<typeof check.ok>[1],
): Finding {
  const next = 'Start a process with PAYYMO_ROLE all or worker, or more of them, and look into its log.'
  return late > LATE_SECONDS.problem ? check.problem(found, next, facts) : check.warning(found, next, facts)
}

/** Open alerts by tenant and severity; of one tenant where one is named. */
export const checkAlerts = (pool: pg.Pool, tenantId?: TenantId): Promise<Finding> =>
  withDirectory(pool, async (tx) => {
    const check = about('alerts')
    const rows = await tx.many<{ tenant_id: string; severity: string; code: string; count: number }>(
      `select a.tenant_id, a.severity, a.code, count(*)::int as count
         from alerts a join tenants t on t.tenant_id = a.tenant_id and t.status <> 'deleted'
        where a.closed_at is null group by 1, 2, 3
        order by array_position(array['critical', 'warning', 'info'], a.severity), 1, 3`,
    )
    const open = rows
      .map(({ tenant_id, ...row }) => ({ ...row, tenant: idOf('ten', tenant_id) }))
      .filter(({ tenant }) => tenantId === undefined || tenant === tenantId)
    if (open.length === 0) return check.ok('No alert is open.')
    const name = (tenant: TenantId) => (tenant === OPERATOR_TENANT ? 'operator' : tenant)
    const tenants = [...Map.groupBy(open, ({ tenant }) => tenant)]
    const lines = tenants.slice(0, TENANTS_SHOWN).map(([tenant, of]) => {
      const severities = [...Map.groupBy(of, ({ severity }) => severity)]
      const counts = severities.map(
        ([severity, all]) => `${all.reduce((sum, { count }) => sum + count, 0)} ${severity}`,
      )
      return `${name(tenant)} ${counts.join(' ')}`
    })
    const codes = [...new Set(open.map(({ code }) => code))]
    const more = tenants.length > TENANTS_SHOWN ? `, and of ${tenants.length - TENANTS_SHOWN} more tenants` : ''
    const found = `Alerts are open: ${lines.join(', ')}${more} (${codes.join(', ')}).`
    const next = `./payymo alerts list --tenant ${name(tenants[0]![0])} says what each is about.`
    const facts = { alerts: lines, faults: codes }
    const gravest = open[0]!.severity
    if (gravest === 'critical') return check.problem(found, next, facts)
    return gravest === 'warning' ? check.warning(found, next, facts) : check.ok(found, facts)
  })
