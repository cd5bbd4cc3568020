import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** Invoices asked for in one answer: as many as one push holds. */
const WANTED_MAX = 200
/** What was asked for so often and never came is given up. */
const ASKED_MAX = 10

/** Has these invoices pushed, by WHMCS's own ids. */
export async function want(tx: TenantTx, instanceId: Id<'whm'>, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return
  await tx.run(
    `insert into module_wanted (tenant_id, instance_id, external_id)
     select $1, $2, id from unnest($3::text[]) as id order by id
     on conflict (tenant_id, instance_id, external_id) do update set asked = 0, wanted_at = now()`,
    [tx.tenantUuid, uuidOf(instanceId), [...new Set(externalIds)]],
  )
}

/** These have come. */
export async function forgetWanted(tx: TenantTx, instanceId: Id<'whm'>, externalIds: readonly string[]): Promise<void> {
  await tx.run(
    'delete from module_wanted where tenant_id = $1 and instance_id = $2 and external_id = any($3::text[])',
    [tx.tenantUuid, uuidOf(instanceId), externalIds],
  )
}

/** Open invoices of a client, for news about the client. */
export async function listOpenOf(tx: TenantTx, instanceId: Id<'whm'>, clientExternalId: string): Promise<string[]> {
  const rows = await tx.many<{ external_id: string }>(
    `select i.external_id from invoices i join clients c on c.tenant_id = i.tenant_id and c.id = i.client_id
      where i.tenant_id = $1 and i.instance_id = $2 and c.external_id = $3
        and i.status in ('unpaid', 'payment_pending', 'collections')
      order by i.id desc limit ${WANTED_MAX}`,
    [tx.tenantUuid, uuidOf(instanceId), clientExternalId],
  )
  return rows.map((row) => row.external_id)
}

/** What to ask the module for now, the most urgent first: news it hinted at and what results left open; invoices that payments
 *  wait for, or that were paid and not compared for a day; those of open suggestions, whose balance must be fresh before anybody
 *  decides; and, of the other open ones, which nobody has read for a day. */
export async function takeWanted(tx: TenantTx, instanceId: Id<'whm'>): Promise<string[]> {
  const key = [tx.tenantUuid, uuidOf(instanceId)]
  const noted = await tx.many<{ external_id: string }>(
    `with asked as (
       update module_wanted set asked = asked + 1
        where tenant_id = $1 and instance_id = $2 and external_id in (
          select external_id from module_wanted where tenant_id = $1 and instance_id = $2 order by wanted_at, external_id limit ${WANTED_MAX})
       returning external_id, wanted_at)
     select external_id from asked order by wanted_at, external_id`,
    key,
  )
  await tx.run(`delete from module_wanted where tenant_id = $1 and instance_id = $2 and asked >= ${ASKED_MAX}`, key)
  const due = await tx.many<{ external_id: string }>(
    `select external_id from (
       select i.external_id, 1 as urgency, i.read_at from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
        where p.tenant_id = $1 and p.instance_id = $2 and p.state in ('pending', 'sending', 'unknown')
          and i.read_at < now() - interval '15 minutes'
       union all
       select i.external_id, 2, i.read_at from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
        where p.tenant_id = $1 and p.instance_id = $2 and p.state = 'applied' and p.applied_at > now() - interval '7 days'
          and p.resolution is distinct from 'applied' and (p.checked_at is null or p.checked_at < now() - interval '20 hours')
       union all
       select i.external_id, 3, i.read_at from matches m
         join match_allocations a on a.tenant_id = m.tenant_id and a.match_id = m.id
         join invoices i on i.tenant_id = a.tenant_id and i.id = a.invoice_id
        where m.tenant_id = $1 and i.instance_id = $2 and m.status = 'suggested' and i.read_at < now() - interval '1 hour'
       union all
       (select i.external_id, 4, i.read_at from invoices i
        where i.tenant_id = $1 and i.instance_id = $2 and i.status in ('unpaid', 'payment_pending', 'collections')
          and i.read_at < now() - interval '24 hours' order by i.read_at limit ${WANTED_MAX})
     ) as due order by urgency, read_at, external_id limit ${2 * WANTED_MAX}`,
    key,
  )
  return [...new Set([...noted, ...due].map((row) => row.external_id))].slice(0, WANTED_MAX)
}
