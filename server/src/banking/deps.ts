import type { Clock, Scaled } from '../base/clock.ts'
import type { TenantId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import type { BankFeed } from './bank-feed.ts'

/** What banking/ is given by main. */
export interface BankingDeps {
  store: Store
  vault: Vault
  clock: Clock
  scaled: Scaled
  log: Log
  /** The tenant's provider of bank data; undefined when none is configured. */
  feedOf(tenantId: TenantId): Promise<BankFeed | undefined>
  /** How browsers reach us. */
  publicUrl(): string
  production: boolean
}
