import { createHash } from 'node:crypto'
import { inviteUser, type Role } from '../../src/access/index.ts'
import type { TenantId } from '../../src/base/ids.ts'
import { systemActor } from '../../src/events/audit.ts'
import type { House } from './house.ts'

const PASSWORD = 'a long enough password of the suite'

/** Somebody who came in by invitation, as a browser holds it. */
export interface Person {
  userId: string
  cookie: string
  csrf: string
  token: string
}

export async function makePerson(
  house: Pick<House, 'payymo' | 'call'>,
  tenantId: TenantId,
  role: Role,
  name: string,
): Promise<Person> {
  const { link, user } = await inviteUser(house.payymo.people, tenantId, systemActor('suite'), new Set(['*']), {
    email: `${name}@example.com`,
    name,
    role,
  })
  const browser = { origin: house.payymo.config.publicUrl, 'sec-fetch-site': 'same-origin' }
  const post = (path: string, body: object, headers: Record<string, string>) =>
    house.call(undefined, 'POST', path, JSON.stringify(body), { ...browser, ...headers })
  const accepted = await post(
    '/auth/accept',
    { token: new URL(link).searchParams.get('token'), password: PASSWORD },
    {},
  )
  if (accepted.status !== 204) throw new Error(`accept: ${accepted.status} ${accepted.body}`)
  const cookie = String(accepted.headers['set-cookie']).split(';')[0]!
  const csrf = String(accepted.headers['x-csrf-token'])
  const issued = await post('/auth/token', { tenant_id: tenantId }, { cookie, 'x-csrf-token': csrf })
  const { access_token: token } = JSON.parse(issued.body) as { access_token?: string }
  if (!token) throw new Error(`token: ${issued.status} ${issued.body}`)
  return { userId: user.id, cookie, csrf, token }
}

/** As if the password had been typed eleven minutes before the token was asked for. */
export async function makeStale(house: House, { token }: Person): Promise<void> {
  const digest = createHash('sha256').update(token).digest()
  const { rowCount } = await house.payymo.database.pool.query(
    "update access_tokens set signed_in_at = signed_in_at - interval '11 minutes' where digest = $1",
    [digest],
  )
  if (rowCount !== 1) throw new Error('the token is not where it was looked for')
}
