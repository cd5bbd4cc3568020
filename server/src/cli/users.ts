import { Command, Option } from 'commander'
import { findTenantBySlug, getTenant } from '../access/index.ts'
import { inviteUser, ROLES, type Role, USER_COLUMNS, userOf } from '../access/index.ts'
import { systemClock } from '../base/clock.ts'
import { UsageError } from '../base/errors.ts'
import { isId, type TenantId } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import type { Payymo } from '../main.ts'
import { withPayymo } from './open-store.ts'
import { textTable } from './text-table.ts'

const ACTOR = systemActor('command line')

/** `payymo users create/list`: how a tenant, and the operator, come to their first people. */
export function usersCommand(): Command {
  const users = new Command('users').description('Invite and list the people of a tenant.')
  users
    .command('create')
    .description('Invite somebody; prints the link to accept with, which works once within seven days.')
    .requiredOption('--tenant <slug or id>', 'the tenant; "operator" for people who run this installation')
    .requiredOption('--email <address>', 'the address he signs in with')
    .addOption(new Option('--role <role>', 'what he may do').choices(ROLES).default('owner'))
    .option('--name <name>', 'his name', '')
    .option('--json', 'as JSON')
    .action(async (options: { tenant: string; email: string; role: Role; name: string; json?: boolean }) => {
      if (!/^[!-~]+@[!-~]+$/.test(options.email) || options.email.length > 254)
        throw new UsageError(`"${options.email}" is not an e-mail address.`)
      await withPayymo(async (payymo) => {
        const tenantId = await tenantOf(payymo, options.tenant)
        const deps = { store: payymo.store, clock: systemClock, publicUrl: () => payymo.config.publicUrl }
        const { email, name, role } = options
        const { user, link } = await inviteUser(deps, tenantId, ACTOR, new Set(['*']), { email, name, role })
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ id: user.id, link })}\n`
            : `${link}\n(${user.id}, ${user.role}; hand this link over, it is shown this once)\n`,
        )
      })
    })
  users
    .command('list')
    .description('List the users of a tenant.')
    .requiredOption('--tenant <slug or id>', 'the tenant')
    .option('--json', 'as JSON')
    .action(async (options: { tenant: string; json?: boolean }) => {
      await withPayymo(async (payymo) => {
        const tenantId = await tenantOf(payymo, options.tenant)
        const rows = await payymo.store.read(tenantId, (tx) =>
          tx.many<object>(
            `select ${USER_COLUMNS} from users u where u.tenant_id = $1 and u.deleted_at is null order by u.id`,
            [tx.tenantUuid],
          ),
        )
        const list = rows.map(userOf).map((user) => ({
          id: user.id,
          email: user.email,
          name: user.name,
          role: user.role,
          status: user.status,
          last_signed_in_at: user.lastSignedInAt?.toISOString() ?? null,
        }))
        process.stdout.write(
          options.json
            ? `${JSON.stringify(list)}\n`
            : textTable([
                ['id', 'email', 'name', 'role', 'status', 'last sign-in'],
                ...list.map((user) => Object.values(user).map((value) => value ?? 'never')),
              ]),
        )
      })
    })
  return users
}

/** The operator's own tenant is known by its word here and shown nowhere else. */
async function tenantOf(payymo: Payymo, text: string): Promise<TenantId> {
  if (text === 'operator') return OPERATOR_TENANT
  const found = isId('ten', text)
    ? (await payymo.store.read(text, getTenant))?.id
    : await payymo.store.directory((tx) => findTenantBySlug(tx, text))
  if (!found) throw new UsageError(`No tenant has the slug or id "${text}". POST /api/v1/tenants creates one.`)
  return found
}
