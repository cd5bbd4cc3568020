import { isId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import { keyDigest, sameDigest } from '../credentials/key-format.ts'
import type { RefusedAttempt } from '../credentials/authenticate.ts'
import type { Call } from '../people/change-person.ts'
import type { OAuth } from './deps.ts'
import { findApplication, isUsable, type Registered } from './find-application.ts'
import { OAuthError } from './oauth-error.ts'
import { refused } from './refuse.ts'

/** Whether the client names itself in the Authorization header. */
export const usesBasic = (call: Call): boolean => call.header('authorization') !== undefined

/** Which application is calling, by its secret, or by its bare client_id where it can keep none. One answer for every fault,
 *  with the same reads and the same comparison. Throws `invalid_client`, `invalid_request` for two ways at once. */
export async function authenticateClient(
  oauth: OAuth,
  call: Call,
  form: ReadonlyMap<string, string>,
): Promise<Registered> {
  const given = credentialsOf(call, form)
  const id = given && isId('app', given.id) ? given.id : undefined
  const found = await findApplication(oauth.store, id)
  const pepper = oauth.pepper.reveal()
  const [digest, nobody] = [keyDigest(pepper, given?.secret ?? ''), keyDigest(pepper, 'no such client')]
  const right = sameDigest(digest, found?.application.secretDigest ?? nobody)
  const reason = faultOf(found, right, given?.secret)
  if (found && !reason) return found
  throw await refused(
    oauth,
    call,
    {
      tenantId: found?.owner.id ?? null,
      credential: found?.application.id ?? 'oauth client',
      reason: reason ?? 'unknown',
    },
    new OAuthError('invalid_client', 'The client is unknown, its secret is wrong, or it is switched off'),
  )
}

function faultOf(
  found: Registered | undefined,
  right: boolean,
  secret: string | undefined,
): RefusedAttempt['reason'] | undefined {
  if (!found) return 'unknown'
  const isPublic = found.application.secretDigest === null
  if (isPublic ? secret !== undefined : !right) return 'wrong_secret'
  if (isUsable(found)) return undefined
  return found.application.status === 'active' ? 'tenant_not_active' : 'revoked'
}

/** RFC 6749, 2.3.1: Basic with both parts form-encoded, or both in the form; naming the client in both ways is allowed as long
 *  as it is the same, proving it in both is not. */
function credentialsOf(
  call: Call,
  form: ReadonlyMap<string, string>,
): { id: string; secret: string | undefined } | undefined {
  const header = call.header('authorization')
  const [id, secret] = [form.get('client_id'), form.get('client_secret')]
  if (header === undefined) return id === undefined ? undefined : { id, secret }
  if (secret !== undefined) throw new OAuthError('invalid_request', 'Send the client secret once, not twice')
  const encoded = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(header.trim())?.[1]
  const pair = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = pair?.indexOf(':') ?? -1
  if (pair === undefined || colon < 0) return undefined
  const named = decoded(pair.slice(0, colon))
  if (id !== undefined && id !== named)
    throw new OAuthError('invalid_request', 'The client is named twice, differently')
  return named === undefined ? undefined : { id: named, secret: decoded(pair.slice(colon + 1)) ?? '' }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** The application as whoever acts. */
export const applicationActor = ({ application }: Registered, call: Pick<Call, 'ip' | 'requestId'>): Actor => ({
  type: 'application',
  id: application.id,
  name: application.name,
  ip: call.ip,
  requestId: call.requestId,
})
