import type { Event } from '../ledger/objects.ts'
import type { World } from '../world/world.ts'

/** Where events are sent. `connect`: those of all connected accounts; else those of its own account. */
export interface Endpoint {
  id: string
  account: string
  livemode: boolean
  connect: boolean
  url: string
  enabledEvents: string[]
  apiVersion: string | null
  description: string | null
  metadata: Record<string, string>
  status: 'enabled' | 'disabled'
  created: number
  /** The newest first; more than one while a secret is rolled. */
  secrets: string[]
}

/** Whether the event goes to the endpoint. A live Connect endpoint receives test events as well. `onlyPlatform` names the platform of
 *  an event about a connection, which exists no more when it is sent. */
export function isFor(world: World, endpoint: Endpoint, event: Event, onlyPlatform?: string): boolean {
  const wanted = endpoint.enabledEvents.some((type) => type === '*' || type === event.type)
  if (!wanted || endpoint.status !== 'enabled') return false
  if (!endpoint.connect) {
    return onlyPlatform === undefined && endpoint.account === event.account && endpoint.livemode === event.livemode
  }
  if (event.livemode && !endpoint.livemode) return false
  if (onlyPlatform !== undefined) return endpoint.account === onlyPlatform
  return world.connections.has(connectionKey(endpoint.account, event.account, event.livemode))
}

export const connectionKey = (platform: string, account: string, livemode: boolean): string =>
  `${platform} ${account} ${livemode ? 'live' : 'test'}`

/** As the API shows it; the secret only when it is made. */
export const shownEndpoint = (endpoint: Endpoint, secret?: string) => ({
  id: endpoint.id,
  object: 'webhook_endpoint',
  api_version: endpoint.apiVersion,
  application: endpoint.connect ? endpoint.account : null,
  created: endpoint.created,
  description: endpoint.description,
  enabled_events: endpoint.enabledEvents,
  livemode: endpoint.livemode,
  metadata: endpoint.metadata,
  ...(secret === undefined ? {} : { secret }),
  status: endpoint.status,
  url: endpoint.url,
})
