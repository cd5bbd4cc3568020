import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { createKey, listKeys, revokeKey, rotateKey } from '../access/index.ts'
import { type Id, isId } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { PERMISSIONS } from '../http/route.ts'
import { daySchema } from '../http/validate.ts'
import { ofTenant, type OfTenant, say, tenantCommand } from './of-tenant.ts'
import { textTable } from './text-table.ts'

const ACTOR = systemActor('command line')
/** Who runs the command line owns the installation. */
const EVERYTHING = new Set(['*'])

/** `payymo keys create/list/rotate/revoke`. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('Create, list, rotate and revoke API keys of a tenant.')
  tenantCommand(keys, 'create', 'Create a key; it is shown this once.')
    .requiredOption('--name <name>', 'what the key is for')
    .addOption(
      new Option('--permissions <list>', 'comma-separated, such as transactions:read,matches:write')
        .default(['*'], 'all of them')
        .argParser(permissionsOf),
    )
    .addOption(
      new Option('--expires <time>', 'from when it is refused, such as 2026-12-31 or 2026-12-31T18:00:00Z')
        .default(null, 'never')
        .argParser(timeOf),
    )
    .action(async (options: OfTenant & { name: string; permissions: string[]; expires: Date | null }) => {
      const wanted = { name: options.name, permissions: options.permissions, expiresAt: options.expires }
      await ofTenant(options.tenant, async (payymo, tenantId) => {
        const { key, text } = await createKey(payymo, tenantId, ACTOR, EVERYTHING, wanted)
        say(options.json, { id: key.id, key: text }, `${text}\n(${key.id}, shown this once)`)
      })
    })
  tenantCommand(keys, 'list', 'List the keys of a tenant that are not revoked.').action(async (options: OfTenant) => {
    await ofTenant(options.tenant, async ({ store }, tenantId) => {
      const list = (await store.read(tenantId, listKeys)).map((key) => ({
        id: key.id,
        name: key.name,
        prefix: key.prefix,
        permissions: key.permissions,
        expires_at: key.expiresAt?.toISOString() ?? null,
        last_used_at: key.lastUsedAt?.toISOString() ?? null,
      }))
      const table = [
        ['id', 'name', 'prefix', 'permissions', 'expires', 'last used'],
        ...list.map((key) => Object.values(key).map((value) => String(value ?? 'never'))),
      ]
      say(options.json, list, textTable(table).trimEnd())
    })
  })
  tenantCommand(keys, 'rotate', 'Put a new key in the place of one; the new one is shown this once.')
    .addArgument(keyArgument())
    .addOption(
      new Option('--overlap <seconds>', 'how long the old key still holds, at most 604800')
        .default(86_400, 'a day')
        .argParser(overlapOf),
    )
    .action(async (id: Id<'key'>, options: OfTenant & { overlap: number }) => {
      const rotation = { id, overlapSeconds: options.overlap }
      await ofTenant(options.tenant, async (payymo, tenantId) => {
        const { key, text } = await rotateKey(payymo, tenantId, ACTOR, EVERYTHING, rotation)
        say(options.json, { id: key.id, key: text }, `${text}\n(${key.id} in place of ${id}, shown this once)`)
      })
    })
  tenantCommand(keys, 'revoke', 'Revoke a key; it is refused everywhere within five seconds.')
    .addArgument(keyArgument())
    .action(async (id: Id<'key'>, options: OfTenant) => {
      await ofTenant(options.tenant, async ({ store }, tenantId) => {
        await revokeKey(store, tenantId, ACTOR, id)
        say(options.json, { id, revoked: true }, `Revoked ${id}`)
      })
    })
  return keys
}

function permissionsOf(text: string): string[] {
  const permissions = text.split(',').map((permission) => permission.trim())
  const unknown = permissions.filter((one) => one !== '*' && !(PERMISSIONS as readonly string[]).includes(one))
  if (unknown.length === 0) return permissions
  throw new InvalidArgumentError(`Unknown: ${unknown.join(', ')}. There are: ${PERMISSIONS.join(', ')}, and * for all.`)
}

function timeOf(text: string): Date {
  if (daySchema.safeParse(text).success) return new Date(text)
  throw new InvalidArgumentError('It must be a date such as 2026-12-31 or a time such as 2026-12-31T18:00:00Z.')
}

function overlapOf(text: string): number {
  const seconds = Number.parseInt(text, 10)
  if (/^\d{1,6}$/.test(text) && seconds <= 604_800) return seconds
  throw new InvalidArgumentError('It must be whole seconds from 0 to 604800.')
}

const keyArgument = () => new Argument('<id>', 'the id of the key (key_…)').argParser(keyOf)

function keyOf(text: string): Id<'key'> {
  if (isId('key', text)) return text
  throw new InvalidArgumentError('It is not the id of a key; payymo keys list shows them.')
}
