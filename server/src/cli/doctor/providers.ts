import { createGocardless } from '../../banking/index.ts'
import type { Clock } from '../../base/clock.ts'
import type { Config } from '../../config.ts'
import { type Outbound, OutboundError, type OutboundStage } from '../../outbound/index.ts'
import { about, codeOf, type Finding, sentencesOf, wordsOf } from './finding.ts'
import type { Settings } from './read-settings.ts'

const REACH_MS = 12_000
const BYTES_MAX = 256 * 1024
/** Any country has banks; one list is one call against the quota. */
const COUNTRY = 'GB'

/** Whom the platform calls, by the setting that says where. */
const providersOf = ({ gocardlessBankDataUrl, stripe }: Config) => {
  const calls = stripe.live.secretKey !== undefined || stripe.test.secretKey !== undefined
  return [
    {
      name: 'gocardless_bank_data',
      title: 'GoCardless Bank Account Data',
      setting: 'GOCARDLESS_BANK_DATA_URL',
      url: gocardlessBankDataUrl,
      calls: true,
    },
    { name: 'stripe', title: 'Stripe', setting: 'STRIPE_API_URL', url: stripe.apiUrl, calls },
    { name: 'stripe_connect', title: 'Stripe Connect', setting: 'STRIPE_CONNECT_URL', url: stripe.connectUrl, calls },
  ]
}

/** What to do where a call does not come through, by how far it came. */
export const NEXT: Record<OutboundStage, string> = {
  blocked:
    'Outbound calls reach public https addresses only. Outside production PAYYMO_ALLOWED_PRIVATE_HOSTS lists exceptions.',
  resolve: 'See that this machine resolves names (DNS), and that the setting holds no misspelling.',
  connect:
    'Let this machine reach port 443 outside: a firewall is in the way, or an address is wrong. Proxy variables are not heeded.',
  tls: 'The certificate is not the one expected. See whether a firewall opens TLS connections, and whether the clock is right.',
  send: 'The connection broke. Try again.',
  headers: 'The connection broke before an answer. Try again.',
  body: 'The connection broke within the answer. Try again.',
  timeout: 'It answers too slowly. Try again, and see whether a firewall swallows packets.',
  too_large: 'What answers is not the provider. See that the setting holds its address.',
}

/** DNS, connection and TLS to each provider's address, as Payymo itself would reach it, without a credential. */
export async function checkReach(
  settings: Settings,
  outbound: Pick<Outbound, 'request'> | undefined,
): Promise<Finding[]> {
  const { config, bad } = settings
  if (!config) return [about('providers').skipped('The settings could not be read.')]
  return Promise.all(
    providersOf(config).map(async ({ name, title, setting, url, calls }) => {
      const check = about(`providers.${name}`)
      if (bad.has(setting)) return check.skipped(`${setting} cannot be read.`)
      if (!calls) return check.skipped(`${title} is not called: the platform has no key of its own there.`)
      if (!outbound) return check.skipped(`Nothing is sent outside without --live: ${title} was not called.`)
      try {
        const { status, durationMs } = await outbound.request({
          method: 'HEAD',
          url: `${url}/`,
          budgetMs: REACH_MS,
          maxBytes: BYTES_MAX,
          policy: 'provider',
        })
        return check.ok(`${title} is reached in ${durationMs} ms.`, { status, latency_ms: durationMs })
      } catch (error) {
        if (!(error instanceof OutboundError)) throw error
        const code = error.code ?? error.stage
        return check.problem(`${title} is not reached: ${error.message} (${code}).`, NEXT[error.stage], {
          stage: error.stage,
          code,
        })
      }
    }),
  )
}

/** The platform's own credentials, tried by one list of banks. */
export async function checkGocardless(
  { config, bad }: Settings,
  outbound: Outbound | undefined,
  clock: Clock,
): Promise<Finding> {
  const check = about('providers.gocardless_credentials')
  const { gocardlessSecretId: secretId, gocardlessSecretKey: secretKey } = config ?? {}
  if (!config || bad.has('GOCARDLESS_BANK_DATA_URL')) return check.skipped('The settings could not be read.')
  if (secretId === undefined || secretKey === undefined)
    return check.skipped(
      'GOCARDLESS_SECRET_ID and GOCARDLESS_SECRET_KEY are not set: tenants bring their own, or have no bank feed.',
    )
  if (!outbound) return check.skipped('Nothing is sent outside without --live: the credentials were not tried.')
  try {
    const feed = createGocardless({ outbound, clock, baseUrl: config.gocardlessBankDataUrl, secretId, secretKey })
    const banks = await feed.listInstitutions(COUNTRY)
    return check.ok(`GoCardless takes the credentials and lists ${banks.length} banks of ${COUNTRY}.`, {
      institutions: banks.length,
    })
  } catch (error) {
    const { found, next } = sentencesOf(wordsOf(error))
    const reason = (error as { reason?: unknown }).reason
    return check.problem(
      found,
      next ?? 'See that both values are those of one secret, and that the secret allows this address.',
      {
        code: typeof reason === 'string' ? reason : codeOf(error),
      },
    )
  }
}
