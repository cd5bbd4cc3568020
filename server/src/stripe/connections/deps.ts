import type { Id, TenantId } from '../../base/ids.ts'
import type { StripeDeps } from '../deps.ts'

/** A request of a browser, as far as a session is found by it. */
export interface BrowserCall {
  header(name: string): string | undefined
  ip: string
  requestId: string
}

/** What connections/ needs besides what all of stripe/ is given. */
export interface ConnectionsDeps extends StripeDeps {
  /** The active user of the tenant whose session the browser shows; undefined without one. */
  userAt(call: BrowserCall, tenantId: TenantId): Promise<Id<'usr'> | undefined>
}
