import type pg from 'pg'
import { UsageError } from '../../base/errors.ts'
import { checkKeys, neededKeys } from '../../database/check-keys.ts'
import { about, codeOf, type Finding, sentencesOf } from './finding.ts'
import type { Settings } from './read-settings.ts'

/** Others than its owner can read it. */
const OTHERS = 0o077

/** Where the encryption keys come from. */
export function checkKeySource({ keys, config, bad }: Settings): Finding {
  const check = about('keys.source')
  if (bad.has('PAYYMO_ENCRYPTION_KEYS')) return check.skipped('PAYYMO_ENCRYPTION_KEYS cannot be read.')
  if (keys.fault !== undefined)
    return check.problem(
      `The file encryption-keys of the data folder cannot be used: ${keys.fault}.`,
      'Put the file back as it was, from where you keep a copy; without its key stored secrets are lost.',
    )
  const ids = [...(keys.ring?.keys.keys() ?? [])]
  if (keys.from === 'nowhere' || !keys.ring)
    return check.ok('There is no encryption key yet: the first start makes one in the data folder.')
  const named = ids.map((id) => `"${id}"`).join(', ')
  if (keys.from === 'settings')
    return check.ok(`PAYYMO_ENCRYPTION_KEYS holds ${named}; new secrets are sealed under the first.`, { key_ids: ids })
  if (keys.mode !== undefined && keys.mode & OTHERS)
    return check.problem(
      'The file encryption-keys of the data folder can be read by other users of this machine.',
      `chmod 600 "${config!.dataDir}/encryption-keys"`,
      { key_ids: ids, mode: keys.mode.toString(8) },
    )
  return check.ok(`The data folder holds the key ${named}. Keep a copy apart from the backups.`, { key_ids: ids })
}

/** Whether the keys given open what the database holds, and which of them it still needs. */
export async function checkStoredKeys(pool: pg.Pool, { keys, bad }: Settings): Promise<Finding[]> {
  const check = about('keys.stored')
  const { secrets, dataKeys } = await neededKeys(pool)
  const needed = [...new Set([...secrets.keys(), ...dataKeys.keys()])].sort()
  const quoted = (ids: string[]) => ids.map((id) => `"${id}"`).join(', ')
  if (needed.length === 0) return [check.ok('The database holds no sealed secret yet.')]
  const { ring } = keys
  if (!ring) {
    const why = bad.has('PAYYMO_ENCRYPTION_KEYS') ? 'PAYYMO_ENCRYPTION_KEYS cannot be read' : 'there is no key'
    return [
      check.problem(
        `The database holds secrets under ${quoted(needed)}, and ${why}.`,
        'Give PAYYMO_ENCRYPTION_KEYS the key this database was made with, from where you keep a copy.',
        { key_ids: needed },
      ),
    ]
  }
  try {
    await checkKeys(pool, ring)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const { found, next } = sentencesOf(error.message)
    const missing = needed.filter((id) => !ring.keys.has(id))
    return [
      check.problem(found, next ?? 'Set the right keys.', {
        code: missing.length > 0 ? 'key_missing' : `wrong_key_${codeOf(error.cause)}`,
        key_ids: needed,
        missing,
      }),
    ]
  }
  const findings = [check.ok(`The keys open what the database holds, under ${quoted(needed)}.`, { key_ids: needed })]
  const old = needed.filter((id) => id !== ring.primary)
  const unneeded = [...ring.keys.keys()].filter((id) => id !== ring.primary && !needed.includes(id))
  if (old.length > 0)
    findings.push(
      about('keys.old').warning(
        `Old keys are still needed: ${quoted(old)}.`,
        './payymo encryption rotate wraps everything anew under the first key; leave the old ones in until it has.',
        { key_ids: old },
      ),
    )
  if (unneeded.length > 0)
    findings.push(
      about('keys.old').ok(
        `Nothing in the database needs ${quoted(unneeded)} any more: take it out of PAYYMO_ENCRYPTION_KEYS, and keep it for older backups.`,
        { unneeded },
      ),
    )
  return findings
}
