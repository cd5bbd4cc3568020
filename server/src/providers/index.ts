/** A tenant's own credentials at GoCardless, Enable Banking and Stripe. They come before the platform's. */
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import type { Slice } from '../http/slice.ts'
import { createCredentialsOf, type CredentialsOf } from './credentials-of.ts'
import { credentialRoutes } from './routes.ts'

export { type CredentialsOf, type OwnCredentials, perTenant } from './credentials-of.ts'
export type { Provider } from './catalogue.ts'

export interface ProvidersDeps {
  store: Store
  vault: Vault
}

export function providersSlice(deps: ProvidersDeps): Slice & { credentialsOf: CredentialsOf } {
  return { routes: credentialRoutes(deps), credentialsOf: createCredentialsOf(deps) }
}
