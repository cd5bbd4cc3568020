import type { Clock } from '../../base/clock.ts'
import type { Caller } from '../../http/route.ts'
import type { CallFacts, CredentialKind, RefusedAttempt } from './authenticate.ts'

/** How long a checked token is believed without asking again: who is shut out is out everywhere within this. */
const BELIEVED_MS = 2_000
const BELIEVED_MAX = 10_000

/** What a token stands for. `refusal`: why it is refused although it exists. */
export interface KnownToken {
  caller: Omit<Caller, 'actor'>
  expiresAt: Date
  refusal: RefusedAttempt['reason'] | undefined
}

/** Opaque tokens of chance that are kept as digests, whoever gives them out. `find` asks for one that is not remembered;
 *  `credentialOf` names it in the trail of refusals. */
export function bearerTokens<Known extends KnownToken>(options: {
  owns(token: string): boolean
  digestOf(token: string): Buffer
  find(digest: Buffer): Promise<Known | undefined>
  actorOf(known: Known, call: CallFacts): Caller['actor']
  credentialOf(known: Known | undefined): string
  clock: Clock
  onRefused?(attempt: RefusedAttempt): void
}): CredentialKind {
  const believed = new Map<string, { known: Known; untilMs: number }>()

  return {
    owns: (token) => options.owns(token),
    remembers: (token) => believed.has(nameOf(options.digestOf(token))),
    callerOf: async (token, call, { fresh } = { fresh: false }) => {
      const known = await look(token, fresh)
      const refusal = !known ? 'unknown' : known.expiresAt <= options.clock.now() ? 'expired' : known.refusal
      if (!known || refusal) {
        options.onRefused?.({
          tenantId: known?.caller.tenantId ?? null,
          credential: options.credentialOf(known),
          reason: refusal ?? 'unknown',
          ...call,
        })
        return undefined
      }
      return { ...known.caller, actor: options.actorOf(known, call), expiresAt: known.expiresAt }
    },
  }

  async function look(token: string, fresh: boolean): Promise<Known | undefined> {
    const digest = options.digestOf(token)
    const name = nameOf(digest)
    const nowMs = performance.now()
    const remembered = believed.get(name)
    if (!fresh && remembered && remembered.untilMs >= nowMs) return remembered.known
    const known = await options.find(digest)
    if (!known) {
      believed.delete(name)
      return undefined
    }
    if (believed.size >= BELIEVED_MAX) believed.clear()
    // Counted from the question: what a slow database says may be old already.
    believed.set(name, { known, untilMs: nowMs + BELIEVED_MS })
    return known
  }
}

const nameOf = (digest: Buffer): string => digest.toString('base64url')
