import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Id, isId } from '../../base/ids.ts'
import type { Change } from '../../events/store.ts'
import { setPairing } from './queries.ts'

const PREFIX = 'pyc_'
const CODE_MAX = 1_000

/** Makes a pairing code for the installation, in the caller's change, and voids the former. Only a digest of its token is
 *  kept; the code is shown this once, lives an hour and works once. */
export async function makePairingCode(tx: Change, instanceId: Id<'whm'>, publicUrl: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await setPairing(tx, instanceId, digestOf(token))
  tx.audit({ action: 'whmcs_instance.make_pairing_code', resource: { type: 'whmcs_instance', id: instanceId } })
  return PREFIX + Buffer.from(`${publicUrl} ${instanceId} ${token}`).toString('base64url')
}

/** What a code says; undefined for what is none. Blanks that came along when it was copied do no harm. */
export function readPairingCode(code: string): { instanceId: Id<'whm'>; digest: Buffer } | undefined {
  const text = code.replaceAll(/\s/g, '')
  if (!text.startsWith(PREFIX) || text.length > CODE_MAX) return undefined
  const [, instanceId, token, ...more] = Buffer.from(text.slice(PREFIX.length), 'base64url').toString().split(' ')
  if (!isId('whm', instanceId) || !token || more.length > 0) return undefined
  return { instanceId, digest: digestOf(token) }
}

/** Compared in constant time; a code that was never made is compared as well. */
export const isSameDigest = (kept: Buffer | null, given: Buffer): boolean =>
  timingSafeEqual(kept ?? Buffer.alloc(32), given) && kept !== null

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()
