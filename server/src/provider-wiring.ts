import { type BankFeed, createGocardless } from './banking/index.ts'
import type { Clock } from './base/clock.ts'
import type { TenantId } from './base/ids.ts'
import type { Secret } from './base/secret.ts'
import type { Config } from './config.ts'
import type { Outbound } from './outbound/index.ts'
import { type CredentialsOf, perTenant } from './providers/index.ts'

/** Where a tenant's bank data comes from: its own provider, else the platform's credentials of the settings. */
export function bankFeeds(
  config: Config,
  deps: {
    outbound: Outbound
    clock: Clock
    credentialsOf: CredentialsOf
    /** Tenants that have a provider of their own making, such as the sandbox company. */
    feedOf?(tenantId: TenantId): BankFeed | undefined
  },
): (tenantId: TenantId) => Promise<BankFeed | undefined> {
  const gocardless = (secretId: string | undefined, secretKey: Secret | undefined) =>
    secretId !== undefined && secretKey !== undefined
      ? createGocardless({
          outbound: deps.outbound,
          clock: deps.clock,
          baseUrl: config.gocardlessBankDataUrl,
          secretId,
          secretKey,
        })
      : undefined
  const platform = gocardless(config.gocardlessSecretId, config.gocardlessSecretKey)
  const own = perTenant(deps.credentialsOf, 'gocardless', ({ secret_id, secret_key }) =>
    gocardless(secret_id?.reveal(), secret_key),
  )
  return async (tenantId) => deps.feedOf?.(tenantId) ?? (await own(tenantId)) ?? platform
}

/** The word figures use for where a call goes: the provider, else `tenant` for the many servers of tenants. */
export function outboundTargets(config: Config): (host: string) => string {
  const bankData = new URL(config.gocardlessBankDataUrl).host
  return (host) => (host === bankData ? 'gocardless_bank_data' : host === '' ? 'refused' : 'tenant')
}

/** Outside production a provider's address in the settings is the operator's own word, even when it is a simulator on this
 *  machine. */
export function ownHosts(config: Config): string[] {
  const url = new URL(config.gocardlessBankDataUrl)
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return config.environment === 'production' || url.protocol === 'https:' ? [] : [`${url.hostname}:${port}`]
}
