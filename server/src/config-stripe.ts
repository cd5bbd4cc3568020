import { Secret } from './base/secret.ts'

/** What we are to Stripe in one mode: each part where it is set. */
export interface StripeMode {
  secretKey: Secret | undefined
  clientId: string | undefined
  webhookSecret: Secret | undefined
}

export interface StripeSettings {
  apiUrl: string
  connectUrl: string
  live: StripeMode
  test: StripeMode
  /** Addresses registered at Stripe, to which it may send a browser without us in between. */
  redirectUrls: string[]
}

interface Reader {
  text(name: string): string | undefined
  url(name: string, fallback: string): string
  faults: string[]
}

/** The settings of Stripe (contract 2): each may hold a live and a test value, told apart by their prefix where they have one,
 *  otherwise in that order. A value alone, without a prefix, is of the mode of the secret key where that stands alone too. */
export function readStripe({ text, url, faults }: Reader): StripeSettings {
  const keys = parts('STRIPE_SECRET_KEY')
  for (const key of keys) {
    if (key !== '' && !/^[sr]k_(live|test)_[A-Za-z0-9_]+$/.test(key))
      faults.push('STRIPE_SECRET_KEY must hold secret keys of Stripe, such as sk_live_…,sk_test_…')
  }
  const live = keys.filter((key) => /^.k_live_/.test(key))
  const test = keys.filter((key) => /^.k_test_/.test(key))
  if (live.length > 1 || test.length > 1) faults.push('STRIPE_SECRET_KEY must hold at most one live and one test key')
  const alone = live.length + test.length === 1 ? (live.length === 1 ? 0 : 1) : 0
  const [liveId, testId] = pair('STRIPE_CLIENT_ID', /^ca_[A-Za-z0-9_]+$/, 'ca_…')
  const [liveHook, testHook] = pair('STRIPE_WEBHOOK_SECRET', /^whsec_[\x21-\x2b\x2d-\x7e]+$/, 'whsec_…')
  const redirectUrls = parts('STRIPE_REDIRECT_URLS').filter(Boolean)
  for (const address of redirectUrls) {
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol) || address.includes('#'))
      faults.push(`STRIPE_REDIRECT_URLS must hold http or https URLs without a fragment; "${address}" is none`)
  }
  return {
    apiUrl: url('STRIPE_API_URL', 'https://api.stripe.com'),
    connectUrl: url('STRIPE_CONNECT_URL', 'https://connect.stripe.com'),
    live: mode(live[0], liveId, liveHook),
    test: mode(test[0], testId, testHook),
    redirectUrls,
  }

  function parts(name: string): string[] {
    return (
      text(name)
        ?.split(',')
        .map((part) => part.trim()) ?? []
    )
  }

  function pair(name: string, shape: RegExp, looks: string): [string | undefined, string | undefined] {
    const values = parts(name)
    if (values.length > 2) faults.push(`${name} must hold at most two values: live, then test`)
    if (values.some((value) => value !== '' && !shape.test(value)))
      faults.push(`${name} must hold values that look like ${looks}`)
    if (values.length === 1 && alone === 1) return [undefined, values[0] || undefined]
    return [values[0] || undefined, values[1] || undefined]
  }
}

const mode = (key: string | undefined, clientId: string | undefined, hook: string | undefined): StripeMode => ({
  secretKey: key === undefined ? undefined : new Secret(key),
  clientId,
  webhookSecret: hook === undefined ? undefined : new Secret(hook),
})
