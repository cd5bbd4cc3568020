import { AppError, notFound } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import { lookAround } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change, Store } from '../../events/store.ts'
import { against, checkDomain, checkMoney, checkParent, refuseWithChildren, takenBy } from './check-rules.ts'
import { findTenant, type TenantView } from './directory.ts'
import { mergePatch } from './merge-patch.ts'
import { lockTenant, type TenantRow, type TenantState, updateTenant } from './queries.ts'
import type { Standing } from './reach.ts'

/** What a caller may ask to change. Objects are merged (RFC 7396); null restores a default. */
export interface TenantPatch {
  name?: string | undefined
  settings?: object | null | undefined
  branding?: object | null | undefined
  tier?: TenantRow['tier'] | undefined
  status?: 'active' | 'suspended' | undefined
  kind?: 'customer' | 'partner' | undefined
  parent_id?: TenantId | null | undefined
  slug?: string | undefined
  environment?: TenantRow['environment'] | undefined
}

const OWN_FIELDS = ['name', 'settings', 'branding']
const FIELDS: Record<Standing, readonly string[]> = {
  self: OWN_FIELDS,
  partner: [...OWN_FIELDS, 'tier', 'status'],
  operator: [...OWN_FIELDS, 'tier', 'status', 'kind', 'parent_id'],
}

export interface ChangeTenantDeps {
  store: Store
  /** The host name of this installation, which no tenant can have. */
  ownHost?(): string
  /** Told inside the change in which a suspended tenant goes back to work. */
  onResumed?(tx: Change): void
}

/** Changes a tenant, as far as `by` may: itself its name, settings and branding; its partner also tier and status; the operator
 *  also kind and partner. Slug and environment never change, since people and keys are bound to them.
 *
 *  A tenant is `active`, or `suspended` by its partner or the operator (its keys and its work rest, nothing is lost), until it is
 *  `deleted`, which is for ever. Suspending again moves the suspension to the operator, never away from it.
 *
 *  Throws `permission_denied` naming the fields, `resource_conflict` for a deleted tenant, a partner with children that would
 *  become a customer, or a host name of another; `validation_failed` for what is against a rule. */
export async function changeTenant(
  deps: ChangeTenantDeps,
  tenantId: TenantId,
  actor: Actor,
  patch: TenantPatch,
  by: { standing: Standing; tier: TenantRow['tier'] } = { standing: 'operator', tier: 'premium' },
): Promise<TenantView> {
  refuseFields(patch, by)
  let domain: string | undefined
  try {
    return await deps.store.change(tenantId, actor, async (tx) => {
      const before = await lockTenant(tx, { children: patch.kind !== undefined })
      if (!before) throw notFound()
      if (before.status === 'deleted')
        throw new AppError('resource_conflict', 'This tenant was deleted; it can no longer be changed.')
      refuseFixed(before, patch)
      const wanted = stateAfter(before, patch, by.standing)
      domain = wanted.branding.custom_domain
      checkMoney(wanted.settings)
      checkDomain(domain, deps.ownHost?.())
      if (before.kind === 'partner' && wanted.kind === 'customer')
        await refuseWithChildren(tx, 'This partner has tenants. Move or delete them before it becomes a customer.')
      const after = await updateTenant(tx, wanted)
      if (patch.kind !== undefined || patch.parent_id !== undefined) await checkParent(tx, after)
      tx.audit({
        action: ACTION[`${before.status}_${after.status}`] ?? 'tenant.change',
        resource: { type: 'tenant', id: tenantId },
        changes: changesBetween(before, after, patch),
      })
      if (before.status === 'suspended' && after.status === 'active') deps.onResumed?.(tx)
      return (await lookAround(tx, (directory) => findTenant(directory, tenantId)))!
    })
  } catch (error) {
    return takenBy(error, { domain })
  }
}

const ACTION: Record<string, string> = {
  active_suspended: 'tenant.suspend',
  suspended_active: 'tenant.resume',
}

function refuseFields(patch: TenantPatch, by: { standing: Standing; tier: TenantRow['tier'] }): void {
  const named = Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  // What nobody may change is against a rule, whoever asks.
  const beyond = named.filter((field) => !FIELDS[by.standing].includes(field) && !(field in FIXED))
  if (beyond.length > 0) {
    const who = by.standing === 'partner' ? 'A partner' : 'A tenant'
    throw new AppError('permission_denied', `${who} may not change ${beyond.join(', ')}`, {
      details: beyond.map((field) => ({ field, issue: 'May be changed by the operator only' })),
    })
  }
  refuseTier(patch.tier, by)
}

/** A partner gives what it has. */
export function refuseTier(
  tier: TenantRow['tier'] | undefined,
  by: { standing: Standing; tier: TenantRow['tier'] },
): void {
  if (by.standing === 'operator' || tier !== 'premium' || by.tier === 'premium') return
  throw new AppError('permission_denied', 'Only a premium partner may have premium tenants', {
    details: [{ field: 'tier', issue: 'Must be standard' }],
  })
}

const FIXED = {
  slug: 'Never changes: people and links name the tenant by it',
  environment: 'Never changes: keys and data are bound to it. Create another tenant.',
}

/** Naming what is fixed does no harm as long as it stays what it is. */
function refuseFixed(before: TenantRow, patch: TenantPatch): void {
  for (const field of ['slug', 'environment'] as const) {
    if (patch[field] !== undefined && patch[field] !== before[field]) throw against(field, FIXED[field])
  }
}

function stateAfter(before: TenantRow, patch: TenantPatch, standing: Standing): TenantState {
  const merge = <Part extends object>(part: Part, change: object | null | undefined): Part =>
    change === undefined ? part : (mergePatch(part, change) as Part)
  return {
    name: patch.name ?? before.name,
    settings: merge(before.settings, patch.settings),
    branding: merge(before.branding, patch.branding),
    parentId: patch.parent_id === undefined ? before.parentId : patch.parent_id,
    kind: patch.kind ?? before.kind,
    tier: patch.tier ?? before.tier,
    ...suspension(before, patch.status, standing),
  }
}

function suspension(
  before: TenantRow,
  status: TenantPatch['status'],
  standing: Standing,
): Pick<TenantState, 'status' | 'suspendedBy'> {
  if (status === 'active') {
    if (before.suspendedBy === 'operator' && standing !== 'operator')
      throw new AppError('permission_denied', 'The operator suspended this tenant; only the operator can resume it', {
        details: [{ field: 'status', issue: 'May be changed by the operator only' }],
      })
    return { status: 'active', suspendedBy: null }
  }
  if (status === undefined) return { status: before.status, suspendedBy: before.suspendedBy }
  return {
    status: 'suspended',
    suspendedBy: standing === 'operator' || before.suspendedBy === 'operator' ? 'operator' : 'partner',
  }
}

/** Before and after of the fields named. */
function changesBetween(before: TenantRow, after: TenantRow, patch: TenantPatch): { before: object; after: object } {
  const shown = (row: TenantRow) => {
    const fields: Record<string, unknown> = { ...row, parent_id: row.parentId }
    return Object.fromEntries(Object.keys(patch).flatMap((name) => (name in fields ? [[name, fields[name]]] : [])))
  }
  return { before: shown(before), after: shown(after) }
}
