import type pg from 'pg'
import { idOf } from '../../base/ids.ts'
import { withDirectory } from '../../database/transaction.ts'
import { about, type Finding } from './finding.ts'

const SHOWN_MAX = 20

interface Row {
  tenant_id: string
  id: string
  error_code: string | null
  failing: boolean
  proven: boolean
  waiting: number
}

/** WHMCS installations of all tenants at work that cannot be read, and those that nothing is booked into because they are not
 *  proven, with what waits for it. */
export const checkInstallations = (pool: pg.Pool): Promise<Finding[]> =>
  withDirectory(pool, async (tx) => {
    const rows = await tx.many<Row>(
      `select w.tenant_id, w.id, w.error_code, w.status = 'error' as failing, w.verified_at is not null as proven,
              (select count(*)::int from payments p where p.tenant_id = w.tenant_id and p.instance_id = w.id
                  and p.state in ('pending', 'sending', 'unknown')) as waiting
         from whmcs_instances w join tenants t on t.tenant_id = w.tenant_id and t.status = 'active'
        where w.status <> 'disconnected' order by w.tenant_id, w.id`,
    )
    return [failing(rows.filter((row) => row.failing)), unproven(rows.filter((row) => !row.proven))]
  })

function failing(rows: Row[]): Finding {
  const check = about('work.installations_failing')
  if (rows.length === 0) return check.ok('No WHMCS installation is in error.')
  const codes = [...new Set(rows.map((row) => row.error_code ?? 'unknown'))]
  return check.problem(
    `WHMCS installations that cannot be read at present, so that nothing is booked there: ${named(rows, (row) => ` (${row.error_code ?? 'unknown'})`)}.`,
    `GET /whmcs-instances/{id} says under error what to do; ./payymo doctor --live --tenant ${idOf('ten', rows[0]!.tenant_id)} tests those of a tenant step by step.`,
    { failed: rows.length, faults: codes },
  )
}

function unproven(rows: Row[]): Finding {
  const check = about('work.installations_unproven')
  if (rows.length === 0) return check.ok("Every connected WHMCS installation is proven to be its tenant's.")
  const waiting = rows.reduce((sum, row) => sum + row.waiting, 0)
  return check.warning(
    `WHMCS installations that are not proven to be their tenant's, so that nothing is booked there (${waiting} payments wait): ${named(rows, () => '')}.`,
    'Put the proof in place that GET /whmcs-instances/{id} shows (the addon module, a file or a DNS record), then call POST /whmcs-instances/{id}/verify.',
    { missing: rows.length, waiting },
  )
}

function named(rows: Row[], more: (row: Row) => string): string {
  const shown = rows
    .slice(0, SHOWN_MAX)
    .map((row) => `${idOf('whm', row.id)} of ${idOf('ten', row.tenant_id)}${more(row)}`)
  return rows.length > SHOWN_MAX ? `${shown.join(', ')} and ${rows.length - SHOWN_MAX} more` : shown.join(', ')
}
