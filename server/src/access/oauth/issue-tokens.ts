import type { Change } from '../../events/store.ts'
import { tokenDigest } from '../people/chance.ts'
import { newAccessToken, newRefreshToken } from './chance.ts'
import { insertToken } from './grant-queries.ts'

export const CODE_MS = 60_000
/** How long a second use of a code is recognised as one. */
export const CODE_KEPT_MS = 24 * 3_600_000
export const ACCESS_MS = 3_600_000
/** Without use. Each use gives a new one. */
export const REFRESH_MS = 30 * 24 * 3_600_000

/** What the token endpoint answers (RFC 6749, 5.1). */
export interface IssuedTokens {
  access_token: string
  token_type: 'Bearer'
  expires_in: number
  scope: string
  refresh_token?: string
}

/** A new access token of the grant, and a refresh token where there is to be one, in the caller's change: if that does not
 *  commit, none of them was ever there. */
export async function issueTokens(
  tx: Change,
  grantUuid: string,
  { permissions, refreshable }: { permissions: string[]; refreshable: boolean },
): Promise<IssuedTokens> {
  const after = (ms: number) => new Date(tx.now.getTime() + ms)
  const [access, refresh] = [newAccessToken(), refreshable ? newRefreshToken() : undefined]
  const expiresAt = after(ACCESS_MS)
  await insertToken(tx, {
    grantUuid,
    digest: tokenDigest(access),
    kind: 'access',
    permissions,
    expiresAt,
    keptUntil: expiresAt,
  })
  if (refresh !== undefined) {
    const endsAt = after(REFRESH_MS)
    await insertToken(tx, {
      grantUuid,
      digest: tokenDigest(refresh),
      kind: 'refresh',
      expiresAt: endsAt,
      keptUntil: endsAt,
    })
  }
  return {
    access_token: access,
    token_type: 'Bearer',
    expires_in: ACCESS_MS / 1000,
    scope: permissions.join(' '),
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
  }
}
