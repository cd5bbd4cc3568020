import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { migrate } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { type Rotation, type RotationPoint, rotateKeys } from '../database/rotate-keys.ts'
import { withTenant } from '../database/transaction.ts'
import { appendAudit, systemActor } from '../events/audit.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import { progressOn } from './progress.ts'

/** `payymo encryption rotate`. */
export function encryptionCommand(): Command {
  const encryption = new Command('encryption').description('Look after the encryption keys of this installation.')
  encryption
    .command('rotate')
    .description(
      'Wrap all stored keys anew under the first key of PAYYMO_ENCRYPTION_KEYS, while the installation works. Safe to stop and to repeat.',
    )
    .addHelpText(
      'after',
      `
Before: add the new key behind the present one on every process (old,new) and restart them; then put it first (new,old)
and restart them again. Run this. It says which old ids nothing needs any more: take those out, and keep them elsewhere for as
long as you keep backups made before.`,
    )
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const config = readConfig()
      const database = await openDatabase({
        dataDir: config.dataDir,
        ...(config.databaseUrl === undefined ? {} : { databaseUrl: config.databaseUrl }),
      })
      try {
        await migrate(database.pool)
        const progress = progressOn(process.stderr)
        const rotation = await rotateKeys(database.pool, config.keyRing, {
          progress: (done, total) => progress.say(`${done} of ${total} keys`),
          at: dieAt(config.crashPoint),
        })
        progress.done()
        await withTenant(database.pool, OPERATOR_TENANT, (tx) =>
          appendAudit(
            tx,
            systemActor('command line'),
            [
              {
                action: 'encryption.rotate',
                resource: { type: 'encryption_key', id: config.keyRing.primary },
                changes: { after: { data_keys: rotation.dataKeys, secrets: rotation.secrets } },
              },
            ],
            new Date(),
          ),
        )
        process.stdout.write(
          options.json
            ? `${JSON.stringify(asJson(config.keyRing.primary, rotation))}\n`
            : inWords(config.keyRing.primary, rotation),
        )
        if (rotation.stillNeeded.length > 0) process.exitCode = 1
      } finally {
        await database.close()
      }
    })
  return encryption
}

const asJson = (primary: string, rotation: Rotation) => ({
  primary,
  rewrapped: { data_keys: rotation.dataKeys, secrets: rotation.secrets },
  verified: rotation.verified,
  removable: rotation.unneeded,
  still_needed: rotation.stillNeeded,
})

function inWords(primary: string, { secrets, dataKeys, verified, unneeded, stillNeeded }: Rotation): string {
  const quoted = (ids: string[]) => ids.map((id) => `"${id}"`).join(', ')
  const lines = [
    secrets + dataKeys === 0
      ? `Everything stood under "${primary}" already.`
      : `Wrapped ${dataKeys} data keys and ${secrets} installation secrets anew under "${primary}".`,
    `Opened ${verified} keys with "${primary}" alone.`,
  ]
  if (stillNeeded.length > 0) {
    lines.push(
      `${quoted(stillNeeded)} came into use again meanwhile: a process still has it first in PAYYMO_ENCRYPTION_KEYS. Put "${primary}" first there, restart it, and run this again.`,
    )
  }
  if (unneeded.length > 0) {
    lines.push(
      `Nothing in this database needs ${quoted(unneeded)} any more: remove from PAYYMO_ENCRYPTION_KEYS, and keep for backups made before now.`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** Kills this process where the fault suite asks for it (`PAYYMO_CRASH_POINT=key_written:2`, the second time); refused in
 *  production like every crash point. */
function dieAt(named: string | undefined): (point: RotationPoint) => void {
  const [name, count = '1'] = (named ?? '').split(':')
  let left = Number.parseInt(count, 10)
  return (point) => {
    if (point === name && (left -= 1) <= 0) process.kill(process.pid, 'SIGKILL')
  }
}
