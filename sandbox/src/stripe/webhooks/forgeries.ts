import { API_VERSION, Impossible } from '../ledger/book.ts'
import type { Event } from '../ledger/objects.ts'
import type { World } from '../world/world.ts'
import type { SignatureMode } from './sign.ts'

/** Deliveries that no event is. Signed well unless the name says otherwise.
 *  `test_on_live`: a test event, wherever it is sent; `unknown_account`; `unknown_type`; `no_account`; `thin`: a v2 notification
 *  without a payload; `tampered`: a body that was changed after it was signed; `not_json`; `empty`; `unsigned`; `huge`: two MiB. */
export const FORGERIES = [
  'test_on_live',
  'unknown_account',
  'unknown_type',
  'no_account',
  'thin',
  'tampered',
  'not_json',
  'empty',
  'unsigned',
  'huge',
] as const

export type Forgery = (typeof FORGERIES)[number]

/** Sends it to every Connect endpoint, or to the one of that id. Returns the ids that the bodies bear. */
export function forge(world: World, kind: Forgery, endpointId?: string): string[] {
  if (!FORGERIES.includes(kind)) throw new Impossible(`kind must be one of ${FORGERIES.join(', ')}`)
  const targets = world.endpoints.filter((one) => (endpointId === undefined ? one.connect : one.id === endpointId))
  if (targets.length === 0) throw new Impossible('there is no such endpoint')
  return targets.map((endpoint) => {
    const connected = [...world.connections.values()].find((one) => one.platform === endpoint.account)
    const event = template(
      world,
      connected?.account ?? endpoint.account,
      kind === 'test_on_live' ? false : endpoint.livemode,
    )
    const body = bodyOf(kind, event)
    const signature: SignatureMode = kind === 'tampered' ? 'wrong_secret' : kind === 'unsigned' ? 'none' : 'good'
    world.dispatcher.forge(endpoint, event, body, signature)
    return event.id
  })
}

function template(world: World, account: string, livemode: boolean): Event {
  const id = `evt_1Forged${world.dice.letters(16)}`
  return {
    id,
    object: 'event',
    account,
    api_version: API_VERSION,
    created: world.clock.now(),
    data: {
      object: {
        id: `ch_1Forged${id.slice(-10)}`,
        object: 'charge',
        amount: 4_200,
        amount_captured: 4_200,
        amount_refunded: 0,
        captured: true,
        created: world.clock.now(),
        currency: 'eur',
        description: 'Invoice #1',
        livemode,
        metadata: {},
        paid: true,
        refunded: false,
        status: 'succeeded',
      },
    },
    livemode,
    request: { id: null, idempotency_key: null },
    type: 'charge.succeeded',
  }
}

function bodyOf(kind: Forgery, event: Event): string {
  const { account, ...unnamed } = event
  switch (kind) {
    case 'unknown_account':
      return JSON.stringify({ ...event, account: 'acct_1NobodyKnowsMe' })
    case 'unknown_type':
      return JSON.stringify({ ...event, type: 'teapot.boiled', data: { object: { id: 'tp_1', object: 'teapot' } } })
    case 'no_account':
      return JSON.stringify(unnamed)
    case 'thin':
      return JSON.stringify({
        id: event.id,
        object: 'v2.core.event',
        type: 'v1.charge.succeeded',
        created: new Date(event.created * 1000).toISOString(),
        livemode: event.livemode,
        context: account,
        related_object: { id: 'ch_1', type: 'charge', url: '/v1/charges/ch_1' },
      })
    case 'not_json':
      return 'id=evt_1&type=charge.succeeded'
    case 'empty':
      return ''
    case 'huge':
      return JSON.stringify({ ...event, padding: 'x'.repeat(2 * 1024 * 1024) })
    default:
      return JSON.stringify(event)
  }
}
