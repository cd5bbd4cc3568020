import { z } from 'zod'
import { AppError } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import { readJson } from '../../base/json.ts'
import { OutboundError } from '../../outbound/index.ts'
import type { StripeDeps } from '../deps.ts'
import type { AccountFacts } from './changes.ts'

/** What a key is asked to show, one list each, and what that permission is called in Stripe's dashboard. Without the first five
 *  the money cannot be followed; the others only add names of invoices, and news that came while webhooks were away. */
const PROBES = [
  { path: 'balance_transactions', permission: 'Balance transactions: Read', required: true },
  { path: 'charges', permission: 'Charges: Read', required: true },
  { path: 'payouts', permission: 'Payouts: Read', required: true },
  { path: 'refunds', permission: 'Refunds: Read', required: true },
  { path: 'disputes', permission: 'Disputes: Read', required: true },
  { path: 'payment_intents', permission: 'PaymentIntents: Read', required: false },
  { path: 'checkout/sessions', permission: 'Checkout Sessions: Read', required: false },
  { path: 'customers', permission: 'Customers: Read', required: false },
  { path: 'events', permission: 'Events: Read', required: false },
] as const

/** Calls that one probe of a key makes. */
export const PROBE_READS = PROBES.length + 1

const BUDGET_MS = 20_000
const BYTES_MAX = 1024 * 1024
const VERSION = '2026-10-28.endive'

export interface ProbedKey {
  accountId: string
  facts: AccountFacts
  /** Optional permissions that the key lacks. */
  missing: string[]
}

/** Tries a restricted key: whose it is, and each thing it must read. Throws `validation_failed` that names every permission it
 *  lacks, or says that Stripe does not know it; `stripe_integration_error` when Stripe does not answer as it should. */
export async function probeKey(
  deps: Pick<StripeDeps, 'outbound' | 'stripeOf'>,
  tenantId: TenantId,
  apiKey: string,
): Promise<ProbedKey> {
  const base = `${deps.stripeOf(tenantId).apiUrl}/v1`
  // Whose it is comes first: a key that Stripe does not know need not be tried further.
  const account = await ask(deps, `${base}/account`, apiKey, accountSchema)
  const answers = await Promise.all(
    PROBES.map(async (probe) => ({
      ...probe,
      answer: await ask(deps, `${base}/${probe.path}?limit=1`, apiKey, listSchema),
    })),
  )
  const lacking = answers.filter(({ answer }) => !answer.allowed)
  const needed = lacking.filter((probe) => probe.required)
  if (needed.length > 0) {
    throw new AppError(
      'validation_failed',
      `The key lacks ${lacking.map((probe) => probe.permission).join(', ')}. Add what is missing to the key in Stripe and send it again; nothing was stored.`,
      { details: lacking.map((probe) => ({ field: 'api_key', issue: `Lacks the permission ${probe.permission}` })) },
    )
  }
  const accountId = account.allowed ? account.body.id : account.named
  if (accountId === undefined)
    throw new AppError(
      'validation_failed',
      'The key may not read whose account it belongs to. Give it the permission to read the account.',
      {
        details: [{ field: 'api_key', issue: 'Lacks the permission to read the account' }],
      },
    )
  return {
    accountId,
    facts: account.allowed ? factsOf(account.body) : { name: null, country: null, defaultCurrency: null },
    missing: lacking.map((probe) => probe.permission),
  }
}

const text = z.string().max(1_000).nullish()
const accountSchema = z.object({
  id: z.string().regex(/^acct_\w{1,250}$/),
  object: z.literal('account'),
  country: text,
  default_currency: text,
  business_profile: z.object({ name: text }).nullish(),
  settings: z.object({ dashboard: z.object({ display_name: text }).nullish() }).nullish(),
})
const listSchema = z.object({ object: z.literal('list'), data: z.array(z.unknown()) })
const refusalSchema = z.object({ error: z.object({ message: z.string().optional() }) })

type Answer<T> = { allowed: true; body: T } | { allowed: false; named: string | undefined }

/** One call. A refusal may name the account it is about. */
async function ask<T>(
  deps: Pick<StripeDeps, 'outbound'>,
  url: string,
  apiKey: string,
  schema: z.ZodType<T>,
): Promise<Answer<T>> {
  const { status, body } = await deps.outbound
    .request({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${apiKey}`, 'stripe-version': VERSION, accept: 'application/json' },
      budgetMs: BUDGET_MS,
      maxBytes: BYTES_MAX,
      policy: 'provider',
    })
    .then((answer) => ({ status: answer.status, body: parse(answer.text()) }))
    .catch((error: unknown) => {
      if (!(error instanceof OutboundError)) throw error
      throw noAnswer('unreachable', error)
    })
  if (status === 200) {
    const read = schema.safeParse(body)
    if (!read.success) throw noAnswer('unreadable_answer')
    return { allowed: true, body: read.data }
  }
  const refusal = refusalSchema.safeParse(body)
  if (!refusal.success) throw noAnswer('unreadable_answer')
  if (status === 401)
    throw new AppError(
      'validation_failed',
      'Stripe does not know this key: it was mistyped, rolled, deleted, or has run out.',
      {
        details: [{ field: 'api_key', issue: 'Is not known to Stripe' }],
      },
    )
  if (status === 403) return { allowed: false, named: /acct_\w{1,250}/.exec(refusal.data.error.message ?? '')?.[0] }
  throw noAnswer(status === 429 ? 'rate_limited' : 'refused')
}

function parse(json: string): unknown {
  try {
    return readJson(json)
  } catch {
    return undefined
  }
}

const noAnswer = (reason: string, cause?: unknown): AppError =>
  new AppError(
    'stripe_integration_error',
    'Stripe did not answer as it should, so the key could not be tried. Nothing was stored; try again in a minute.',
    { details: [{ field: 'reason', issue: reason }], ...(cause === undefined ? {} : { cause }) },
  )

function factsOf(account: z.output<typeof accountSchema>): AccountFacts {
  const name = account.business_profile?.name || account.settings?.dashboard?.display_name || null
  return {
    name: name && clean(name),
    country: account.country ?? null,
    defaultCurrency: account.default_currency?.toUpperCase() ?? null,
  }
}

/** Text that the database takes (reliability 18). */
const clean = (name: string): string => name.toWellFormed().replaceAll('\0', '\u{fffd}').slice(0, 200)
