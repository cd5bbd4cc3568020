import { notFound } from '../../base/errors.ts'
import { isId, type TenantId } from '../../base/ids.ts'
import type { Caller } from '../../http/route.ts'

/** The tenant named in the path, when this caller may reach it; another one's answers like one that never was. */
export function reachable(caller: Caller, id: string): TenantId {
  if (!isId('ten', id) || (caller.kind === 'tenant' && caller.tenantId !== id)) throw notFound()
  return id
}
