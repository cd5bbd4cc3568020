import { type BankFeed, createGocardless } from './banking/index.ts'
import type { Clock } from './base/clock.ts'
import type { TenantId } from './base/ids.ts'
import type { Secret } from './base/secret.ts'
import type { Config } from './config.ts'
import type { Outbound } from './outbound/index.ts'
import { type CredentialsOf, perTenant } from './providers/index.ts'
import type { StripeDeps, StripePlatform } from './stripe/index.ts'

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

/** What a tenant's calls to Stripe go by: its own platform, else the settings' of the tenant's mode, and the addresses of the
 *  settings. `own` gives tenants that have a Stripe of their own making, such as the sandbox company. */
export function stripePlatforms(
  config: Config,
  deps: {
    credentialsOf: CredentialsOf
    environmentOf(tenantId: TenantId): Promise<'live' | 'sandbox'>
    own?(tenantId: TenantId): { apiUrl: string; connectUrl: string; platform: StripePlatform } | undefined
  },
): Pick<StripeDeps, 'stripeOf' | 'platformOf' | 'platformSecrets'> {
  const { apiUrl, connectUrl, live, test } = config.stripe
  const own = perTenant(deps.credentialsOf, 'stripe', ({ secret_key, client_id, webhook_secret }) => ({
    secretKey: secret_key,
    clientId: client_id?.reveal(),
    webhookSecrets: webhook_secret ? [webhook_secret] : [],
  }))
  return {
    stripeOf: (tenantId) => deps.own?.(tenantId) ?? { apiUrl, connectUrl },
    platformOf: async (tenantId) => {
      const made = deps.own?.(tenantId)
      if (made) return made.platform
      const livemode = (await deps.environmentOf(tenantId)) === 'live'
      const theirs = await own(tenantId)
      if (theirs) return { ...theirs, livemode }
      const { secretKey, clientId, webhookSecret } = livemode ? live : test
      if (secretKey === undefined && clientId === undefined) return undefined
      return { secretKey, clientId, webhookSecrets: webhookSecret ? [webhookSecret] : [], livemode }
    },
    platformSecrets: () =>
      [
        { secret: live.webhookSecret, livemode: true },
        { secret: test.webhookSecret, livemode: false },
      ].flatMap(({ secret, livemode }) => (secret === undefined ? [] : [{ secret, livemode }])),
  }
}

/** The word figures use for where a call goes: the provider, else `tenant` for the many servers of tenants. */
export function outboundTargets(config: Config): (host: string) => string {
  const words = new Map([
    [new URL(config.gocardlessBankDataUrl).host, 'gocardless_bank_data'],
    [new URL(config.stripe.connectUrl).host, 'stripe'],
    [new URL(config.stripe.apiUrl).host, 'stripe'],
    ['', 'refused'],
  ])
  return (host) => words.get(host) ?? 'tenant'
}

/** Outside production a provider's address in the settings is the operator's own word, even when it is a simulator on this
 *  machine. */
export function ownHosts(config: Config): string[] {
  if (config.environment === 'production') return []
  const urls = [config.gocardlessBankDataUrl, config.stripe.apiUrl, config.stripe.connectUrl].map(
    (text) => new URL(text),
  )
  const plain = urls.filter((url) => url.protocol === 'http:').map((url) => `${url.hostname}:${url.port || '80'}`)
  return [...new Set(plain)]
}
