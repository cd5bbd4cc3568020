import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import type { Vault } from '../database/vault.ts'
import type { Seal, Store } from '../events/store.ts'
import type { Answer, Caller, Route, RouteContext } from '../http/route.ts'
import type { Once } from '../http/server.ts'
import { fingerprint } from './fingerprint.ts'
import { openAnswer, sealAnswer } from './kept-answer.ts'
import { type Claim, claimKey, type Found, keepAnswer, letGo, markEffect, type Resource } from './queries.ts'
import { rebuildAnswer } from './rebuild-answer.ts'

/** The two halves of a request that happens once: `seal` belongs into the store, `onceWith` gives what http/ runs. */
export interface Idempotency {
  seal: Seal
  onceWith(deps: OnceDeps): Once
}

export interface OnceDeps {
  store: Store
  vault: Vault
  /** All routes: a lost answer is made again from what the `GET` of the thing shows. */
  routes: readonly Route[]
  /** Hears of an answer that could not be kept; the request itself went well. */
  report(error: unknown): void
}

type Context = RouteContext<Caller | null, unknown, unknown, unknown>

/** A try under way. Closed when its work is over: whatever it left running speaks no longer for the key. */
interface Try {
  claim: Claim
  open: boolean
}

/** A request with an `Idempotency-Key` takes effect once (reliability 19).
 *
 *  A try claims the key with a lease of 90 s and a fence, works, and keeps the answer. Every change it makes marks the key in
 *  its own transaction, so that after a crash the marker says whether there was an effect. From there:
 *  - no effect: the key is as new. Whatever was refused or failed before it changed anything is never kept, so a request that
 *    is mended or comes at a better time may use its key again.
 *  - an effect and its answer: the answer is replayed for 72 hours, same status and bytes.
 *  - an effect without an answer (a crash, or an error afterwards): never again. The next try is answered with what a `GET`
 *    shows of the thing, or told that it was done. Routes that say `resumable` run again instead: they add what is missing.
 *  A try whose lease ran out while it was paused finds another fence at its next change, and that change is undone. */
export function createIdempotency(): Idempotency {
  const current = new AsyncLocalStorage<Try>()

  return {
    seal: async (tx, audits) => {
      const running = current.getStore()
      if (!running?.open) return
      if (!(await markEffect(tx, running.claim, audits[0]?.resource))) throw takenOver()
    },
    onceWith: (deps) => async (context, route, work) => {
      const { caller } = context
      const key = context.header('idempotency-key')
      if (key === undefined || caller === null) return work()
      if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw malformedKey()
      const keyDigest = createHash('sha256').update(key).digest()
      const found = await claim(deps.store, caller, {
        keyDigest,
        fingerprint: await fingerprint(context, route),
        operation: route.operationId,
      })
      if (found.state === 'other_request') throw otherRequest()
      if (found.state === 'running') throw stillRunning(found)
      if (found.state === 'answered') {
        return deps.store.read(caller.tenantId, (tx) => openAnswer(deps.vault, tx, keyDigest, found.sealedAnswer))
      }
      if (found.state === 'carried_out' && !route.resumable)
        return recover(deps, found.claim, { context, route, resource: found.resource })
      return run(deps, found.claim, { context, route, work })
    },
  }

  async function run(
    deps: OnceDeps,
    claimed: Claim,
    { context, route, work }: { context: Context; route: Route; work: () => Promise<Answer> },
  ): Promise<Answer> {
    const running: Try = { claim: claimed, open: true }
    let answer: Answer
    try {
      answer = await current.run(running, work)
    } catch (error) {
      running.open = false
      await release(deps, context.caller!, claimed)
      throw error
    }
    running.open = false
    if (answer.status >= 400) await release(deps, context.caller!, claimed)
    else await keep(deps, context.caller!, claimed, route, answer)
    return answer
  }
}

/** Two tries may give a key back and forth between two looks; ten times in a row they do not. */
const LOOKS_MAX = 10

async function claim(
  store: Store,
  caller: Caller,
  wanted: Parameters<typeof claimKey>[1],
): Promise<Exclude<Found, { state: 'gone' }>> {
  for (let look = 1; look <= LOOKS_MAX; look++) {
    const found = await store.change(caller.tenantId, caller.actor, (tx) => claimKey(tx, wanted))
    if (found.state !== 'gone') return found
  }
  throw stillRunning({ forSeconds: 1, leaseSeconds: 1 })
}

/** The effect stands, its answer is gone: made again, kept, and given as the replay it is. */
async function recover(
  deps: OnceDeps,
  claimed: Claim,
  { context, route, resource }: { context: Context; route: Route; resource: Resource | null },
): Promise<Answer> {
  let answer: Answer | undefined
  try {
    answer = await rebuildAnswer(deps.routes, route, context, resource)
  } catch (error) {
    await release(deps, context.caller!, claimed)
    throw error
  }
  if (!answer) {
    await release(deps, context.caller!, claimed)
    throw answerLost(resource)
  }
  await keep(deps, context.caller!, claimed, route, answer)
  return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } }
}

/** The request went well whatever becomes of this: without a kept answer the marker of the effect still guards it. */
async function keep(deps: OnceDeps, caller: Caller, claimed: Claim, route: Route, answer: Answer): Promise<void> {
  try {
    await deps.store.change(caller.tenantId, caller.actor, async (tx) => {
      const sealed = await sealAnswer(deps.vault, tx, claimed.keyDigest, answer, route.secretFields ?? [])
      await (sealed ? keepAnswer(tx, claimed, sealed) : letGo(tx, claimed))
    })
  } catch (error) {
    deps.report(error)
  }
}

/** Where even this fails the lease runs out by itself. */
async function release(deps: OnceDeps, caller: Caller, claimed: Claim): Promise<void> {
  try {
    await deps.store.change(caller.tenantId, caller.actor, (tx) => letGo(tx, claimed))
  } catch (error) {
    deps.report(error)
  }
}

const FIELD = 'Idempotency-Key'

const malformedKey = () =>
  new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: FIELD, issue: 'Must have 1 to 255 printable characters' }],
  })

const otherRequest = () =>
  new AppError(
    'validation_failed',
    'This Idempotency-Key was used for another request. Send the same request again, or this one with a key of its own.',
    { details: [{ field: FIELD, issue: 'Was used for another request' }] },
  )

/** The longer it runs already, the longer until asking again is worth while. */
const stillRunning = ({ forSeconds, leaseSeconds }: { forSeconds: number; leaseSeconds: number }) =>
  new AppError(
    'resource_conflict',
    'The request with this Idempotency-Key is still running. Ask again for its answer.',
    {
      details: [{ field: FIELD, issue: 'Is in use at the moment' }],
      retryAfterSeconds: Math.max(1, Math.min(Math.ceil(forSeconds), Math.ceil(leaseSeconds))),
    },
  )

const takenOver = () =>
  new AppError(
    'resource_conflict',
    'This try took too long and another with the same Idempotency-Key took over. Nothing was changed by this one; ask again for the answer.',
    { details: [{ field: FIELD, issue: 'Was taken over by another try' }], retryAfterSeconds: 1 },
  )

const answerLost = (resource: Resource | null) =>
  new AppError(
    'resource_conflict',
    `The request with this Idempotency-Key was carried out, and its answer was lost. ${
      resource
        ? `Read the ${resource.type.replaceAll('_', ' ')} ${resource.id} before you send anything again.`
        : 'Read what it concerned before you send anything again.'
    }`,
    {
      details: [
        { field: FIELD, issue: 'Was carried out' },
        ...(resource ? [{ field: resource.type, issue: resource.id }] : []),
      ],
    },
  )
