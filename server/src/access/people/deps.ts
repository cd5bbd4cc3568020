import type pg from 'pg'
import type { Clock } from '../../base/clock.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Vault } from '../../database/vault.ts'
import type { Store } from '../../events/store.ts'
import type { Mailer } from '../../mail/index.ts'
import type { RefusedAttempt } from '../credentials/authenticate.ts'
import type { Gate } from './gate.ts'
import type { Passwords } from './passwords.ts'

/** What people need of the rest of the program. */
export interface PeopleDeps {
  store: Store
  /** For what belongs to a person and to no tenant. */
  pool: pg.Pool
  vault: Vault
  mailer: Mailer
  /** The installation's secret that keys password hashes and recovery codes. */
  pepper: Secret
  clock: Clock
  /** How browsers reach us; where links lead. */
  publicUrl(): string
  /** Counts one use of the subject, at most `perMinute` within a minute. Rejects while nobody can count. */
  limit(subject: string, perMinute: number): Promise<{ admitted: boolean; retryAfterSeconds: number }>
  /** What of an address is counted together: the network one customer of a provider has. */
  networkOf(ip: string): string
  /** What the tenant's people call this product; undefined: Payymo. */
  productNameOf(tenantId: TenantId): Promise<string | undefined>
  /** Hears of every sign-in that was refused, and of every well-formed token that does not hold. */
  onRefused?(attempt: RefusedAttempt): void
}

/** The same, with what the slice makes for itself. */
export type People = PeopleDeps & {
  passwords: Passwords
  /** Few prove who they are at once, few more wait: a flood of them takes neither the processor nor the connections. */
  admit: Gate
}
