import { AppError } from '../../base/errors.ts'
import { readAmount } from '../../base/money.ts'
import { isUniqueViolation, lookAround, type TenantTx } from '../../database/transaction.ts'
import { findTenant, hasChildren } from './directory.ts'
import type { TenantRow, TenantSettings } from './queries.ts'

/** Rules between tenants, checked inside the change that has just written the row: whatever another transaction did to the
 *  partner meanwhile is seen, because the row's reference to it waited for that to end. */
export async function checkParent(tx: TenantTx, tenant: Pick<TenantRow, 'kind' | 'parentId'>): Promise<void> {
  if (tenant.parentId === null) return
  if (tenant.kind !== 'customer') throw against('kind', 'Must be customer for a tenant that has a partner')
  const parent = await lookAround(tx, (directory) => findTenant(directory, tenant.parentId!))
  if (parent?.kind !== 'partner' || parent.status === 'deleted')
    throw against('parent_id', 'Must be the id of a partner')
}

/** Throws `resource_conflict` while a tenant has children. Lock it with `children` first. */
export async function refuseWithChildren(tx: TenantTx, message: string): Promise<void> {
  if (await lookAround(tx, (directory) => hasChildren(directory, tx.tenantId)))
    throw new AppError('resource_conflict', message)
}

/** Amounts in the settings must be amounts of the home currency. */
export function checkMoney(settings: TenantSettings): void {
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

/** A host name can show one tenant only, and our own name none. */
export function checkDomain(domain: string | undefined, ownHost: string | undefined): void {
  if (domain !== undefined && domain === ownHost)
    throw against('branding.custom_domain', 'Is the name of this installation')
}

/** What the database refused: a name that another tenant has, a partner that never was. Rethrows everything else. */
export function takenBy(error: unknown, tenant: { slug?: string; domain?: string | undefined }): never {
  if ((error as { constraint?: string } | null)?.constraint === 'tenants_parent_id_fkey')
    throw against('parent_id', 'Must be the id of a partner')
  if (isUniqueViolation(error, 'tenants_slug_key')) {
    throw new AppError('resource_conflict', `The slug "${tenant.slug}" is taken. Choose another.`, {
      details: [{ field: 'slug', issue: 'Is taken' }],
    })
  }
  if (isUniqueViolation(error, 'tenants_custom_domain')) {
    throw new AppError('resource_conflict', `The host name "${tenant.domain}" belongs to another tenant.`, {
      details: [{ field: 'branding.custom_domain', issue: 'Is taken' }],
    })
  }
  throw error
}

export const against = (field: string, issue: string): AppError =>
  new AppError('validation_failed', 'The request is against a rule', { details: [{ field, issue }] })
