import { AppError, type FaultyField } from '../../base/errors.ts'

/** What is against a rule in a restricted key of Stripe, in words; undefined when nothing is. Source: Stripe, API keys. */
function keyFault(key: string, live: boolean): string | undefined {
  if (key.startsWith('sk_'))
    return 'This is a secret key, which may do everything. Make a restricted key in Stripe (it begins with rk_) that may only read'
  if (key.startsWith('pk_'))
    return 'This is a publishable key, which reads nothing. Make a restricted key in Stripe (it begins with rk_)'
  if (key.startsWith('whsec_')) return 'This is a webhook secret: it belongs into webhook_secret'
  const mode = /^rk_(live|test)_[A-Za-z0-9_]{8,300}$/.exec(key)?.[1]
  if (mode === undefined) return 'Must be a restricted key of Stripe, which begins with rk_live_ or rk_test_'
  if ((mode === 'live') !== live) return `This is a ${mode} key, and the tenant is ${live ? 'live' : 'sandbox'}`
  return undefined
}

/** Throws `validation_failed` that names what is wrong with the key, the webhook secret, or both. The texts are never repeated. */
export function judgeSecrets(given: { apiKey?: string; webhookSecret?: string | null }, live: boolean): void {
  const issue = given.apiKey === undefined ? undefined : keyFault(given.apiKey, live)
  const details: FaultyField[] = issue === undefined ? [] : [{ field: 'api_key', issue }]
  if (typeof given.webhookSecret === 'string' && !/^whsec_[\w+/=-]{8,200}$/.test(given.webhookSecret))
    details.push({
      field: 'webhook_secret',
      issue: 'Must be the signing secret of the endpoint, which begins with whsec_',
    })
  if (details.length > 0)
    throw new AppError('validation_failed', `${details.map((fault) => fault.issue).join('. ')}.`, { details })
}
