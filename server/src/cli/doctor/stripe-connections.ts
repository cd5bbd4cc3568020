import type pg from 'pg'
import { idOf } from '../../base/ids.ts'
import { withDirectory, withTenant } from '../../database/transaction.ts'
import { about, type Finding } from './finding.ts'

const SHOWN_MAX = 20
/** What only whoever runs this can mend. */
const OURS = 'platform_not_ready'

/** What to do about each reason for which an account cannot be read. */
const NEXT: Record<string, string> = {
  needs_reconnect: 'the tenant connects the account again (POST /stripe-connections/initialize)',
  key_refused: 'the tenant gives a new restricted key (PATCH /stripe-connections/{id})',
  [OURS]: 'set STRIPE_SECRET_KEY and STRIPE_CLIENT_ID for the mode, or have the tenant set its provider credentials',
  permission_missing: 'the tenant adds the permission to its key at Stripe; GET /stripe-connections/{id} names it',
}

/** Stripe accounts of all tenants at work that cannot be read, why, and what to do. Tries to connect that came to nothing are none. */
export async function checkStripeConnections(pool: pg.Pool): Promise<Finding> {
  const check = about('work.stripe_connections')
  const rows = await withDirectory(pool, (tx) =>
    tx.many<{ tenant_id: string; id: string }>(
      `select c.tenant_id, c.id from stripe_connections c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
        where c.status = 'error' and c.account_id is not null order by c.tenant_id, c.id`,
    ),
  )
  if (rows.length === 0) return check.ok('No Stripe account is in error.')
  const shown: { text: string; code: string }[] = []
  for (const row of rows.slice(0, SHOWN_MAX)) {
    const tenantId = idOf('ten', row.tenant_id)
    const found = await withTenant(pool, tenantId, (tx) =>
      tx.first<{ error_code: string | null }>(
        "select error_code from stripe_connections where tenant_id = $1 and id = $2 and status = 'error'",
        [tx.tenantUuid, row.id],
      ),
    )
    const code = found?.error_code ?? 'unknown'
    shown.push({ code, text: `${idOf('strc', row.id)} of ${tenantId} (${code})` })
  }
  const faults = [...new Set(shown.map(({ code }) => code))]
  const more = rows.length > SHOWN_MAX ? ` and ${rows.length - SHOWN_MAX} more` : ''
  const said = `Stripe accounts that cannot be read at present: ${shown.map(({ text }) => text).join(', ')}${more}.`
  const next = faults
    .map((code) => `${code}: ${NEXT[code] ?? 'GET /stripe-connections/{id} says under error what to do'}.`)
    .join('\n')
  const facts = { failed: rows.length, faults }
  return faults.includes(OURS) ? check.problem(said, next, facts) : check.warning(said, next, facts)
}
