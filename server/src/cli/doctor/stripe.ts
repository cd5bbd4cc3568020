import { z } from 'zod'
import { readJson } from '../../base/json.ts'
import type { Config } from '../../config.ts'
import { type Outbound, type OutboundAnswer, OutboundError } from '../../outbound/index.ts'
import { STRIPE_EVENTS } from '../../stripe/index.ts'
import { about, type Finding } from './finding.ts'
import { NEXT } from './providers.ts'
import type { Settings } from './read-settings.ts'

const BUDGET_MS = 12_000
const BYTES_MAX = 1024 * 1024
const MODES = ['live', 'test'] as const
type Mode = (typeof MODES)[number]

const balance = z.object({ livemode: z.boolean() })
const endpoints = z.object({
  data: z.array(
    z.object({
      url: z.string(),
      status: z.string(),
      enabled_events: z.array(z.string()),
      application: z.string().nullish(),
    }),
  ),
})

/** The platform's own keys, each tried by reading its balance, and the endpoint that sends us events. Nothing is written at Stripe.
 *  Source: Stripe API, balance and webhook endpoints; `application` of an endpoint is set where it is for connected accounts. */
export async function checkStripe({ config, bad }: Settings, outbound: Outbound | undefined): Promise<Finding[]> {
  const one = about('providers.stripe_keys')
  if (!config || bad.has('STRIPE_SECRET_KEY') || bad.has('STRIPE_API_URL'))
    return [one.skipped('The settings could not be read.')]
  const set = MODES.filter((mode) => config.stripe[mode].secretKey !== undefined)
  if (set.length === 0)
    return [one.skipped('STRIPE_SECRET_KEY is not set: tenants bring their own platform or key, or have no Stripe.')]
  if (!outbound) return [one.skipped('Nothing is sent outside without --live: the keys were not tried.')]
  return (await Promise.all(set.map((mode) => ofMode(config, mode, outbound)))).flat()
}

async function ofMode(config: Config, mode: Mode, outbound: Outbound): Promise<Finding[]> {
  const check = about(`providers.stripe_${mode}_key`)
  const secretKey = config.stripe[mode].secretKey!
  const read = (path: string) =>
    outbound.request({
      method: 'GET',
      url: `${config.stripe.apiUrl}/v1/${path}`,
      headers: { authorization: `Bearer ${secretKey.reveal()}` },
      budgetMs: BUDGET_MS,
      maxBytes: BYTES_MAX,
      policy: 'provider',
    })
  try {
    const answer = await read('balance')
    const { status } = answer
    if (status === 401)
      return [
        check.problem(
          `Stripe does not know the ${mode} key of STRIPE_SECRET_KEY.`,
          'Copy the secret key of the platform from Stripe anew: it may have been rolled or deleted.',
          { status },
        ),
      ]
    if (status === 403)
      return [
        check.warning(
          `Stripe knows the ${mode} key of STRIPE_SECRET_KEY and does not let it read the balance: it is a restricted one.`,
          "Use the platform's secret key: what a restricted one lacks shows only when an account is connected or read.",
          { status },
        ),
      ]
    const said = bodyOf(answer, balance)
    if (!said)
      return [
        check.problem(
          `Stripe answered ${status} to the ${mode} key of STRIPE_SECRET_KEY.`,
          'Try again in a minute, and see whether STRIPE_API_URL is the address of Stripe.',
          { status },
        ),
      ]
    if (said.livemode !== (mode === 'live'))
      return [
        check.problem(
          `The ${mode} key of STRIPE_SECRET_KEY is one of the other mode.`,
          'See that STRIPE_API_URL is the address of Stripe.',
        ),
      ]
    return [
      check.ok(`Stripe takes the ${mode} key, in ${answer.durationMs} ms.`, { latency_ms: answer.durationMs }),
      await endpointOf(config, mode, () => read('webhook_endpoints?limit=100')),
    ]
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    const code = error.code ?? error.stage
    return [
      check.problem(`Stripe is not reached: ${error.message} (${code}).`, NEXT[error.stage], {
        stage: error.stage,
        code,
      }),
    ]
  }
}

async function endpointOf(config: Config, mode: Mode, list: () => ReturnType<Outbound['request']>): Promise<Finding> {
  const check = about(`providers.stripe_${mode}_endpoint`)
  const ours = `${config.publicUrl}/webhooks/stripe`
  const answer = await list()
  const said = bodyOf(answer, endpoints)
  if (!said)
    return check.skipped(`Stripe did not list its endpoints in ${mode} mode (${answer.status}).`, {
      status: answer.status,
    })
  const found = said.data.filter(({ url, status }) => url === ours && status === 'enabled')
  if (found.length === 0)
    return check.warning(
      `No endpoint that is switched on at Stripe in ${mode} mode sends to ${ours}: changes are seen by the hour only.`,
      'Make one at Stripe for events of connected accounts, and set its secret as STRIPE_WEBHOOK_SECRET: docs/stripe.md has the events.',
    )
  const connected = found.filter(({ application }) => typeof application === 'string')
  if (connected.length === 0)
    return check.warning(
      `The endpoint at Stripe in ${mode} mode that sends to ${ours} is for the platform's own account.`,
      'Make one that listens to events on connected accounts; an endpoint cannot be changed to that later.',
    )
  const sent = new Set(connected.flatMap(({ enabled_events }) => enabled_events))
  const missing = sent.has('*') ? [] : STRIPE_EVENTS.filter((type) => !sent.has(type))
  if (missing.length > 0)
    return check.warning(
      `The endpoint at Stripe in ${mode} mode does not send ${missing.join(', ')}: these changes are seen by the hour only.`,
      'Add these events to the endpoint at Stripe.',
      { missing },
    )
  return check.ok(`Stripe sends the events of connected accounts in ${mode} mode here.`)
}

/** What it says, where it is what was asked for. */
function bodyOf<S extends z.ZodType>({ status, text }: OutboundAnswer, shape: S): z.output<S> | undefined {
  if (status !== 200) return undefined
  try {
    return shape.safeParse(readJson(text())).data
  } catch {
    return undefined
  }
}
