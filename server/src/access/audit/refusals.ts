import { AppError } from '../../base/errors.ts'
import { isId, type TenantId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { type Actor, appendAuditRecords, systemActor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { allows, OPERATOR_TENANT } from '../../http/route.ts'
import type { FinishedCall } from '../../http/server.ts'
import type { RefusedAttempt } from '../credentials/authenticate.ts'
import { createPulse } from '../usage/pulse.ts'

/** Refused attempts on their way into the audit trail: of the tenant whose credential or caller it was, else of the operator. */
export interface Refusals {
  /** For `onRefused` of the credentials: a credential that did not hold. */
  note(attempt: RefusedAttempt): void
  /** For the observers of http: adds where it went, and notes what a valid caller was not allowed. */
  observe(call: FinishedCall): void
  flush(): Promise<void>
  /** After the last answer, before the database closes. */
  stop(): Promise<void>
}

/** Different attempts of one chain that get a row of their own in a minute; the rest is counted together. A flood costs a chain
 *  about twice this many rows a minute, however wide and long it is: anybody can cause one, and a chain is kept for ever. */
const GROUPS_MAX = 50
const MINUTE_MS = 60_000
const NOTHING: ReadonlySet<string> = new Set()
/** Attempts whose answer is still on its way. */
const PENDING_MAX = 10_000

/** Equal attempts. */
interface Group {
  actor: Actor
  action: 'api_key.refuse' | 'access_token.refuse' | 'permission.refuse'
  resource: { type: string; id: string }
  facts: Record<string, unknown>
  count: number
  firstAt: Date
  lastAt: Date
}

interface Pending {
  attempt: RefusedAttempt
  at: Date
  /** It was there at the last writing already: its answer never came. */
  old: boolean
}

/** `permissionOf`: what a route (`GET`, `/api/v1/invoices/{id}`) asks for. Rows are written at most once a second, in one
 *  transaction per chain, with equal attempts counted together; no answer waits for them. The first of equal attempts is
 *  written within a second, the others together when the minute is over. A process that is killed loses at most the attempts
 *  of its last second, and how often others were repeated in its last minute. */
export function createRefusals(deps: {
  store: Store
  log: Log
  now(): Date
  permissionOf(method: string, route: string): string | undefined
}): Refusals {
  const pending = new Map<string, Pending>()
  let chains = new Map<TenantId, Map<string, Group>>()
  /** Of the present minute: what has a row of its own in each chain already. */
  let told = new Map<TenantId, Set<string>>()
  let minute = 0
  let everything = false

  const turnMinute = () => {
    const now = Math.floor(deps.now().getTime() / MINUTE_MS)
    if (now === minute) return
    minute = now
    told = new Map()
  }

  /** Adds to the equal ones of the chain, or becomes a row of its own while there is room, or joins the various rest. */
  const put = (tenantId: TenantId, key: string, group: Group) => {
    const groups = chains.get(tenantId) ?? new Map<string, Group>()
    chains.set(tenantId, groups)
    turnMinute()
    const before = told.get(tenantId) ?? NOTHING
    // Those told and those waiting: at most a few dozen names, and usually the first question decides.
    const apart = groups.has(key) || before.has(key) || before.union(groups).size < GROUPS_MAX
    const [name, wanted] = apart ? [key, group] : [group.action, variousOf(group)]
    const same = groups.get(name)
    groups.set(name, same ? { ...same, count: same.count + group.count, lastAt: group.lastAt } : wanted)
    pulse.soon()
  }

  const add = (tenantId: TenantId, group: Omit<Group, 'count' | 'lastAt'>) => {
    const { actor, action, resource, facts } = group
    const key = JSON.stringify([action, actor.id, actor.ip, resource.id, facts])
    put(tenantId, key, { ...group, count: 1, lastAt: group.firstAt })
  }

  const addAttempt = ({ attempt, at }: Pending, where: { method?: string; route?: string }) =>
    add(attempt.tenantId ?? OPERATOR_TENANT, {
      // Whoever it was proved nothing: the row never says that the key's owner did it.
      actor: { ...systemActor('authentication'), ip: attempt.ip, requestId: attempt.requestId },
      ...ofCredential(attempt.credential),
      facts: { reason: attempt.reason, ...where },
      firstAt: at,
    })

  const settle = (all: boolean) => {
    for (const [requestId, one] of pending) {
      if (all || one.old) {
        pending.delete(requestId)
        addAttempt(one, {})
      } else one.old = true
    }
    if (pending.size > 0) pulse.soon()
  }

  /** Takes what is to be written: what this minute has not told yet, or everything. What stays is asked for again. */
  const dueNow = (): typeof chains => {
    const all = everything
    everything = false
    const taken: typeof chains = new Map()
    const staying: typeof chains = new Map()
    for (const [tenantId, groups] of chains) {
      for (const [key, group] of groups) {
        const into = !all && told.get(tenantId)?.has(key) ? staying : taken
        into.set(tenantId, (into.get(tenantId) ?? new Map<string, Group>()).set(key, group))
      }
    }
    chains = staying
    if (staying.size > 0) pulse.soon()
    return taken
  }

  const pulse = createPulse(async () => {
    settle(false)
    turnMinute()
    const taken = dueNow()
    for (const [tenantId, groups] of taken) {
      try {
        await write(deps.store, tenantId, [...groups.values()])
        told.set(tenantId, (told.get(tenantId) ?? new Set()).union(new Set(groups.keys())))
      } catch (error) {
        const away = error instanceof AppError && error.code === 'service_unavailable'
        if (away) for (const [key, group] of groups) put(tenantId, key, group)
        else deps.log.error('refused attempts not audited', { tenant_id: tenantId, count: groups.size, error })
      }
    }
  })

  return {
    note: (attempt) => {
      const one = { attempt, at: deps.now(), old: false }
      if (pending.size >= PENDING_MAX || pending.has(attempt.requestId)) addAttempt(one, {})
      else pending.set(attempt.requestId, one)
      pulse.soon()
    },
    observe: ({ caller, status, method, route, at, ip, requestId }) => {
      if (caller && status === 403) {
        const permission = deps.permissionOf(method, route)
        add(caller.tenantId, {
          actor: { ...caller.actor, ip, requestId },
          action: 'permission.refuse',
          resource: { type: 'route', id: `${method} ${route}` },
          // Held and refused all the same: another rule said no (a role, a fresh sign-in, more than the caller holds).
          facts: { permission: permission ?? null, held: permission !== undefined && allows(caller, permission) },
          firstAt: at,
        })
        return
      }
      if (caller) return
      const known = pending.get(requestId)
      pending.delete(requestId)
      if (known) addAttempt(known, { method, route })
      else if (status === 401 && /^(\/api\/|unknown$)/.test(route)) {
        const attempt = { tenantId: null, credential: 'unreadable', reason: 'unknown' as const, ip, requestId }
        addAttempt({ attempt, at, old: false }, { method, route })
      }
    },
    flush: () => {
      everything = true
      return pulse.now()
    },
    stop: () => {
      settle(true)
      everything = true
      return pulse.stop()
    },
  }
}

/** What was refused, by the id of whose credential it was; without one it is only the form of a credential. */
function ofCredential(id: string): Pick<Group, 'action' | 'resource'> {
  if (isId('key', id)) return { action: 'api_key.refuse', resource: { type: 'api_key', id } }
  if (isId('app', id)) return { action: 'access_token.refuse', resource: { type: 'application', id } }
  if (isId('usr', id)) return { action: 'access_token.refuse', resource: { type: 'user', id } }
  return { action: 'api_key.refuse', resource: { type: 'credential', id } }
}

/** What is too varied to tell apart is one row that says how much it was. */
const variousOf = (group: Group): Group => ({
  ...group,
  actor: systemActor('authentication'),
  resource: { type: group.resource.type, id: 'various' },
  facts: { reason: 'various' },
})

const write = (store: Store, tenantId: TenantId, groups: Group[]): Promise<void> =>
  store.change(tenantId, systemActor('authentication'), (tx) =>
    appendAuditRecords(
      tx,
      groups.map(({ actor, action, resource, facts, count, firstAt, lastAt }) => ({
        actor,
        action,
        resource,
        changes: { ...facts, count, ...(count > 1 ? { last_at: lastAt.toISOString() } : {}) },
        at: firstAt,
      })),
    ),
  )
