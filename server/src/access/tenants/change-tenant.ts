import { AppError, notFound } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import { readAmount } from '../../base/money.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { lockTenant, type TenantRow, type TenantSettings, updateTenant } from './queries.ts'

/** Changes name and settings; settings are merged (RFC 7396), null restores a default. */
export async function changeTenant(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  patch: { name?: string | undefined; settings?: object | null | undefined },
): Promise<TenantRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await lockTenant(tx)
    if (!before) throw notFound()
    const settings =
      patch.settings === undefined ? before.settings : (merged(before.settings, patch.settings) as TenantSettings)
    checkMoney(settings)
    const after = await updateTenant(tx, { name: patch.name ?? before.name, settings })
    tx.audit({
      action: 'tenant.change',
      resource: { type: 'tenant', id: tenantId },
      changes: {
        before: { name: before.name, settings: before.settings },
        after: { name: after.name, settings: after.settings },
      },
    })
    return after
  })
}

/** RFC 7396: objects merge, null removes, everything else replaces. */
function merged(target: unknown, patch: unknown): unknown {
  if (patch === null) return {}
  if (typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {}
  for (const [name, value] of Object.entries(patch as Record<string, unknown>)) {
    if (value === undefined) continue
    if (value === null) delete result[name]
    else result[name] = merged(result[name], value)
  }
  return result
}

function checkMoney(settings: TenantSettings): void {
  const currency = settings.home_currency ?? 'EUR'
  for (const field of ['max_auto_amount', 'fee_tolerance']) {
    const text = settings.matching?.[field]
    if (typeof text !== 'string') continue
    const amount = readAmount(text, currency)
    if (typeof amount === 'bigint' && amount >= 0n) continue
    throw new AppError('invalid_request', 'The request contains invalid parameters', {
      details: [{ field: `settings.matching.${field}`, issue: `Must be an amount of zero or more in ${currency}` }],
    })
  }
}
