import type pg from 'pg'
import { findTenantBySlug } from '../../access/index.ts'
import { isId, type TenantId, uuidOf } from '../../base/ids.ts'
import { withDirectory } from '../../database/transaction.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'

/** The tenant that was named by slug or id, the operator by its word; undefined when there is none. */
export const findNamed = (pool: pg.Pool, text: string): Promise<TenantId | undefined> =>
  withDirectory(pool, async (tx) => {
    if (text === 'operator') return OPERATOR_TENANT
    if (!isId('ten', text)) return findTenantBySlug(tx, text)
    const row = await tx.first<object>("select 1 from tenants where tenant_id = $1 and kind <> 'operator'", [
      uuidOf(text),
    ])
    return row && text
  })
