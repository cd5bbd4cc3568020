import { Command } from 'commander'
import { createKey, findTenantBySlug, keyOf, KEY_COLUMNS, revokeKey } from '../access/index.ts'
import { UsageError } from '../base/errors.ts'
import { isId, type TenantId } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { PERMISSIONS } from '../http/route.ts'
import type { Payymo } from '../main.ts'
import { withPayymo } from './open-store.ts'
import { textTable } from './text-table.ts'

const ACTOR = systemActor('command line')

/** `payymo keys create/list/revoke`. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('Create, list and revoke API keys of a tenant.')
  keys
    .command('create')
    .description('Create a key; it is shown this once.')
    .requiredOption('--tenant <slug or id>', 'the tenant, for instance sandbox')
    .requiredOption('--name <name>', 'what the key is for')
    .option('--permissions <list>', 'comma-separated, such as transactions:read,matches:write', '*')
    .option('--json', 'as JSON')
    .action(async (options: { tenant: string; name: string; permissions: string; json?: boolean }) => {
      const permissions = options.permissions.split(',').map((permission) => permission.trim())
      const unknown = permissions.filter(
        (permission) => permission !== '*' && !(PERMISSIONS as readonly string[]).includes(permission),
      )
      if (unknown.length > 0)
        throw new UsageError(
          `Unknown permission: ${unknown.join(', ')}. There are: ${PERMISSIONS.join(', ')}, and * for all.`,
        )
      await withPayymo(async (payymo) => {
        const tenantId = await tenantOf(payymo, options.tenant)
        const { key, text } = await createKey(payymo, tenantId, ACTOR, new Set(['*']), {
          name: options.name,
          permissions,
          expiresAt: null,
        })
        process.stdout.write(
          options.json ? `${JSON.stringify({ id: key.id, key: text })}\n` : `${text}\n(${key.id}, shown this once)\n`,
        )
      })
    })
  keys
    .command('list')
    .description('List the keys of a tenant.')
    .requiredOption('--tenant <slug or id>', 'the tenant')
    .option('--json', 'as JSON')
    .action(async (options: { tenant: string; json?: boolean }) => {
      await withPayymo(async (payymo) => {
        const tenantId = await tenantOf(payymo, options.tenant)
        const rows = await payymo.store.read(tenantId, (tx) =>
          tx.many<object>(
            `select ${KEY_COLUMNS} from api_keys k where k.tenant_id = $1 and k.revoked_at is null order by k.id`,
            [tx.tenantUuid],
          ),
        )
        const list = rows.map(keyOf).map((key) => ({
          id: key.id,
          name: key.name,
          prefix: key.prefix,
          permissions: key.permissions.join(','),
          last_used_at: key.lastUsedAt?.toISOString() ?? 'never',
        }))
        process.stdout.write(
          options.json
            ? `${JSON.stringify(list)}\n`
            : textTable([
                ['id', 'name', 'prefix', 'permissions', 'last used'],
                ...list.map((key) => Object.values(key)),
              ]),
        )
      })
    })
  keys
    .command('revoke')
    .description('Revoke a key; it is refused everywhere within five seconds.')
    .argument('<id>', 'the id of the key (key_…)')
    .requiredOption('--tenant <slug or id>', 'the tenant')
    .action(async (id: string, options: { tenant: string }) => {
      if (!isId('key', id)) throw new UsageError(`"${id}" is not the id of a key; payymo keys list shows them.`)
      await withPayymo(async (payymo) => {
        await revokeKey(payymo.store, await tenantOf(payymo, options.tenant), ACTOR, id)
        process.stdout.write(`Revoked ${id}\n`)
      })
    })
  return keys
}

async function tenantOf(payymo: Payymo, text: string): Promise<TenantId> {
  if (isId('ten', text)) return text
  const found = await payymo.store.directory((tx) => findTenantBySlug(tx, text))
  if (!found) throw new UsageError(`No tenant has the slug or id "${text}". POST /api/v1/tenants creates one.`)
  return found
}
