import { fingerprint } from '../ledger/dice.ts'
import { type Endpoint, shownEndpoint } from '../webhooks/endpoints.ts'
import type { World } from '../world/world.ts'
import { type Caller, isLive, need } from './caller.ts'
import { limitOf, onlyKnown, type Parameters, plain } from './parameters.ts'
import { missing, refuse } from './refusal.ts'

/** `/v1/webhook_endpoints`: those of the calling account in the key's mode. Undefined: no such route. */
export function answerEndpoints(world: World, caller: Caller, method: string, id: string, given: Parameters): unknown {
  need(caller, 'webhook', method === 'GET' ? 'read' : 'write')
  const own = world.endpoints.filter((one) => one.account === caller.account && one.livemode === isLive(caller))
  if (id === '') {
    if (method === 'POST') return create(world, caller, given)
    if (method !== 'GET') return undefined
    onlyKnown(given, ['limit', 'starting_after', 'ending_before', 'expand'])
    const newest = own.toReversed()
    const limit = limitOf(given)
    const after = plain(given, 'starting_after')
    const from = after === undefined ? 0 : newest.findIndex((one) => one.id === after) + 1
    return {
      object: 'list',
      data: newest.slice(from, from + limit).map((one) => shownEndpoint(one)),
      has_more: newest.length > from + limit,
      url: '/v1/webhook_endpoints',
    }
  }
  const found = own.find((one) => one.id === id)
  if (found === undefined) throw missing(404, 'webhook endpoint', id, 'id')
  if (method === 'GET') return shownEndpoint(found)
  if (method === 'POST') return change(world, found, given)
  if (method !== 'DELETE') return undefined
  world.endpoints = world.endpoints.filter((one) => one !== found)
  world.save()
  return { id, object: 'webhook_endpoint', deleted: true }
}

const FIELDS = ['url', 'enabled_events', 'connect', 'api_version', 'description', 'metadata', 'expand']

function create(world: World, caller: Caller, given: Parameters): unknown {
  onlyKnown(given, FIELDS)
  const url = urlOf(required(given, 'url'), isLive(caller) && world.switches.httpsInLive)
  const enabledEvents = given.get('enabled_events')?.list ?? []
  if (enabledEvents.length === 0) throw required(given, 'enabled_events')
  const connect = plain(given, 'connect') === 'true'
  const livemode = isLive(caller)
  const n = world.endpoints.length + 1
  const mark = `${caller.account} ${livemode} ${world.clock.nowMs()} ${n}`
  const secret = `whsec_${fingerprint(`secret ${mark} ${world.dice.letters(24)}`)}${world.dice.letters(24)}`
  const endpoint: Endpoint = {
    id: `we_1${fingerprint(mark)}${world.dice.letters(12)}`,
    account: caller.account,
    livemode,
    connect,
    url,
    enabledEvents,
    apiVersion: plain(given, 'api_version') ?? null,
    description: plain(given, 'description') ?? null,
    metadata: { ...given.get('metadata')?.parts },
    status: 'enabled',
    created: world.clock.now(),
    secrets: [secret],
  }
  world.endpoints.push(endpoint)
  world.save()
  return shownEndpoint(endpoint, secret)
}

/** Everything but version and kind can be changed later. */
function change(world: World, endpoint: Endpoint, given: Parameters): unknown {
  onlyKnown(given, ['url', 'enabled_events', 'description', 'disabled', 'metadata', 'expand'])
  const url = plain(given, 'url')
  if (url !== undefined) endpoint.url = url
  const events = given.get('enabled_events')?.list
  if (events !== undefined && events.length > 0) endpoint.enabledEvents = events
  const disabled = plain(given, 'disabled')
  if (disabled !== undefined) endpoint.status = disabled === 'true' ? 'disabled' : 'enabled'
  Object.assign(endpoint.metadata, given.get('metadata')?.parts)
  world.save()
  return shownEndpoint(endpoint)
}

function required(given: Parameters, name: string): string {
  const value = given.get(name)?.value
  if (value !== undefined && value !== '') return value
  throw refuse(400, `Missing required param: ${name}.`, { code: 'parameter_missing', param: name })
}

/** https is obligatory in live mode. */
function urlOf(text: string, onlyHttps: boolean): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol === 'https:' || (protocol === 'http:' && !onlyHttps)) return text
  throw refuse(400, 'Invalid URL: URL must be publicly accessible and use https in live mode.', {
    code: 'url_invalid',
    param: 'url',
  })
}
