import type { Book } from '../ledger/book.ts'
import type { TermChanges } from '../ledger/merchant.ts'

export type Mode = 'test' | 'live'

export const modeOf = (livemode: boolean): Mode => (livemode ? 'live' : 'test')

/** Access of a restricted key: `charge`, `payment_intent`, `balance`, `payout`, `refund`, `dispute`, `event`, `checkout_session`,
 *  `customer`, `webhook`, `account`, `external_account`. Absent is none; write holds read. Nobody can be given `account` at
 *  Stripe, which is why a restricted key cannot read `/v1/account`. */
export type Permissions = Record<string, 'read' | 'write'>

export interface MerchantSpec {
  id: string
  email?: string
  terms?: TermChanges
  secretKeys?: Partial<Record<Mode, string>>
  restrictedKeys?: { key: string; mode: Mode; permissions: Permissions }[]
  /** Another platform controls it: connecting makes a second, empty account instead. */
  controlledByAnother?: boolean
  /** Makes its ledger before anybody looks. `now` in Unix seconds. */
  history?: Partial<Record<Mode, (book: Book, now: number) => void>>
}

/** The company that connects merchants. It is an account itself. */
export interface PlatformSpec {
  id: string
  name: string
  clientIds: Record<Mode, string>
  secretKeys: Record<Mode, string>
  redirectUris: string[]
}

export interface Merchant {
  id: string
  email: string
  controlledByAnother: boolean
  books: Record<Mode, Book>
}

export interface Platform extends PlatformSpec {
  /** Answers of the token endpoint leave out the three deprecated fields. */
  givesNoTokens: boolean
}

export interface Key {
  key: string
  kind: 'secret' | 'restricted' | 'connect'
  account: string
  mode: Mode
  permissions?: Permissions
  /** Of a connect key: whose connection it lives by. */
  platform?: string
}

const READ_ALL: Permissions = {
  charge: 'read',
  payment_intent: 'read',
  balance: 'read',
  payout: 'read',
  refund: 'read',
  dispute: 'read',
  event: 'read',
  checkout_session: 'read',
  customer: 'read',
}

/** The platform that Payymo is in the sandbox. Made up. */
export const SANDBOX_PLATFORM: PlatformSpec = {
  id: 'acct_1SandboxPlatform',
  name: 'Payymo (sandbox)',
  clientIds: { test: 'ca_SandboxTestClient', live: 'ca_SandboxLiveClient' },
  secretKeys: { test: 'sk_test_51SandboxPlatform', live: 'sk_live_51SandboxPlatform' },
  redirectUris: [],
}

/** A merchant with a restricted key that may read what Payymo needs. Made up. */
export const SANDBOX_MERCHANT: MerchantSpec = {
  id: 'acct_1SandboxMerchant',
  email: 'accounts@fjordlicht.example',
  secretKeys: { test: 'sk_test_51SandboxMerchant', live: 'sk_live_51SandboxMerchant' },
  restrictedKeys: [
    { key: 'rk_test_51SandboxMerchant', mode: 'test', permissions: READ_ALL },
    { key: 'rk_live_51SandboxMerchant', mode: 'live', permissions: READ_ALL },
  ],
}
