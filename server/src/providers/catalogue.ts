import { createPrivateKey } from 'node:crypto'
import type { FaultyField } from '../base/errors.ts'

/** What each provider gives its customers to call it with (contract 4.3). All of it is write-only. */
export const FIELDS = {
  gocardless: ['secret_id', 'secret_key', 'webhook_secret', 'access_token'],
  enablebanking: ['application_id', 'private_key'],
  stripe: ['secret_key', 'client_id', 'webhook_secret'],
} as const

export type Provider = keyof typeof FIELDS
export type FieldOf<P extends Provider> = (typeof FIELDS)[P][number]
export const PROVIDERS = Object.keys(FIELDS) as Provider[]

type Given = Partial<Record<string, string>>
type Environment = 'live' | 'sandbox'

/** What is against a rule in credentials for a tenant of this environment; nothing when all is well. Live and sandbox are kept
 *  apart wherever the provider's prefix tells (contract 4.1). */
export function faultsOf(provider: Provider, given: Given, environment: Environment): FaultyField[] {
  return RULES[provider](given, environment)
}

const RULES: Record<Provider, (given: Given, environment: Environment) => FaultyField[]> = {
  gocardless: (given, environment) => [
    ...pair(given, 'secret_id', 'secret_key'),
    ...(given.secret_id === undefined && given.secret_key === undefined && given.access_token === undefined
      ? [
          {
            field: 'secret_id',
            issue: 'Give secret_id and secret_key (bank data), access_token (payments), or all three',
          },
        ]
      : []),
    ...(given.webhook_secret !== undefined && given.access_token === undefined
      ? [{ field: 'access_token', issue: 'webhook_secret belongs to the payments of an access_token' }]
      : []),
    // Access tokens begin with the environment they were made in. Source: GoCardless dashboard, Developers, access tokens.
    ...ofOtherMode('access_token', given.access_token, environment, { live: /^live_/, sandbox: /^sandbox_/ }),
  ],
  enablebanking: (given) =>
    isRsaKey(given.private_key ?? '')
      ? []
      : [{ field: 'private_key', issue: 'Must be an RSA private key of 2048 bits or more, as unencrypted PEM' }],
  stripe: (given, environment) =>
    // Source: Stripe, API keys.
    /^(sk|rk)_(live|test)_/.test(given.secret_key ?? '')
      ? ofOtherMode('secret_key', given.secret_key, environment, { live: /^.._live_/, sandbox: /^.._test_/ })
      : [
          {
            field: 'secret_key',
            issue: given.secret_key?.startsWith('pk_')
              ? 'This is the publishable key; the secret key begins with sk_ or rk_'
              : 'Must begin with sk_live_, sk_test_, rk_live_ or rk_test_',
          },
        ],
}

function pair(given: Given, one: string, other: string): FaultyField[] {
  if ((given[one] === undefined) === (given[other] === undefined)) return []
  const [missing, present] = given[one] === undefined ? [one, other] : [other, one]
  return [{ field: missing, issue: `Goes together with ${present}` }]
}

function ofOtherMode(
  field: string,
  value: string | undefined,
  environment: Environment,
  prefixes: Record<Environment, RegExp>,
): FaultyField[] {
  const other = environment === 'live' ? 'sandbox' : 'live'
  if (value === undefined || !prefixes[other].test(value)) return []
  return [{ field, issue: `This is a ${other === 'live' ? 'live' : 'test'} key, and the tenant is ${environment}` }]
}

function isRsaKey(pem: string): boolean {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
  } catch {
    return false
  }
}
