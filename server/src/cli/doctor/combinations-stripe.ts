import type { Config } from '../../config.ts'
import type { StripeMode } from '../../config-stripe.ts'
import { type Combination, isLoopback } from './combination.ts'

/** Settings of Stripe that are each fine and do not work together, or not with the rest. */
export function stripeCombinations(config: Config): Combination[] {
  const { live, test } = config.stripe
  const keyed = live.secretKey !== undefined || test.secretKey !== undefined
  return [
    ...ofMode('live', live),
    ...ofMode('test', test),
    ...(config.environment === 'production' && !live.secretKey && test.secretKey ? [onlyTest] : []),
    ...(keyed ? addressesOf(config) : []),
    ...(config.environment === 'production' ? plainAddresses(config) : []),
  ]
}

const onlyTest: Combination = {
  state: 'warning',
  settings: ['STRIPE_SECRET_KEY', 'PAYYMO_ENVIRONMENT'],
  found:
    'STRIPE_SECRET_KEY holds a test key only: tenants in the live environment cannot connect Stripe except by a restricted key.',
  next: 'Add the live key and its client id (sk_live_…,sk_test_…), or leave it where only sandbox tenants use Stripe.',
}

function ofMode(mode: 'live' | 'test', { secretKey, clientId, webhookSecret }: StripeMode): Combination[] {
  const found: Combination[] = []
  if (secretKey === undefined && clientId !== undefined) {
    found.push({
      state: 'problem',
      settings: ['STRIPE_SECRET_KEY', 'STRIPE_CLIENT_ID'],
      found: `STRIPE_CLIENT_ID has a client id for ${mode} mode and STRIPE_SECRET_KEY no key for it: nobody can connect.`,
      next: `Add the ${mode} secret key of the same platform. Several values stand in the order live, then test.`,
    })
  }
  if (secretKey === undefined && webhookSecret !== undefined) {
    found.push({
      state: 'warning',
      settings: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
      found: `STRIPE_WEBHOOK_SECRET has a secret for ${mode} mode and STRIPE_SECRET_KEY no key for it: events are taken of accounts that nothing can read.`,
      next: `Add the ${mode} secret key, or remove the secret. Several values stand in the order live, then test.`,
    })
  }
  if (secretKey !== undefined && clientId === undefined) {
    found.push({
      state: 'warning',
      settings: ['STRIPE_CLIENT_ID', 'STRIPE_SECRET_KEY'],
      found: `STRIPE_SECRET_KEY has a ${mode} key and STRIPE_CLIENT_ID no client id for it: accounts that are connected go on, and no new one can be.`,
      next: 'Add the client id (ca_…) of the platform; it stands at Stripe under Settings > Connect > Onboarding options > OAuth.',
    })
  }
  if (secretKey !== undefined && webhookSecret === undefined) {
    found.push({
      state: 'warning',
      settings: ['STRIPE_WEBHOOK_SECRET', 'STRIPE_SECRET_KEY'],
      found: `STRIPE_SECRET_KEY has a ${mode} key and STRIPE_WEBHOOK_SECRET no secret for it: events of that mode are refused, and accounts are read by the hour instead.`,
      next: 'Make an endpoint for events of connected accounts at Stripe, and set its signing secret (whsec_…): docs/stripe.md.',
    })
  }
  return found
}

function addressesOf({ publicUrl, stripe, environment }: Config): Combination[] {
  const found: Combination[] = []
  if (isLoopback(publicUrl) && !isLoopback(stripe.apiUrl)) {
    found.push({
      state: 'warning',
      settings: ['PAYYMO_PUBLIC_URL', 'STRIPE_SECRET_KEY'],
      found:
        'PAYYMO_PUBLIC_URL leads to this machine only, and Stripe sends events there, and people back after they connect.',
      next: 'Set PAYYMO_PUBLIC_URL to an address that Stripe and those people reach.',
    })
  }
  const unfit = stripe.redirectUrls.filter((url) => !url.startsWith('https:') || isLoopback(url))
  if (environment === 'production' && unfit.length > 0) {
    found.push({
      state: 'warning',
      settings: ['STRIPE_REDIRECT_URLS'],
      found: `STRIPE_REDIRECT_URLS holds addresses that Stripe does not send people to in live mode: ${unfit.join(', ')}.`,
      next: 'Let them be https addresses that are registered at Stripe, word for word.',
    })
  }
  return found
}

const plainAddresses = ({ stripe }: Config): Combination[] =>
  [['STRIPE_API_URL', stripe.apiUrl] as const, ['STRIPE_CONNECT_URL', stripe.connectUrl] as const].flatMap(
    ([name, url]) =>
      url.startsWith('http:')
        ? [
            {
              state: 'problem' as const,
              settings: [name, 'PAYYMO_ENVIRONMENT'],
              found: `${name} is http, and production calls nobody without TLS.`,
              next: 'Set an https address, or remove the setting.',
            },
          ]
        : [],
  )
