import { Command, Option } from 'commander'
import {
  changeUser,
  deleteUser,
  emailKey,
  type InviteDeps,
  inviteUser,
  listUsers,
  ROLES,
  type Role,
  type UserRow,
} from '../access/index.ts'
import { systemClock } from '../base/clock.ts'
import { UsageError } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import type { Payymo } from '../main.ts'
import { ofTenant, type OfTenant, say, tenantCommand } from './of-tenant.ts'
import { textTable } from './text-table.ts'

const ACTOR = systemActor('command line')
/** Who runs the command line owns the installation. */
const EVERYTHING = new Set(['*'])
const OPERATOR_TOO = { operatorToo: true }

/** `payymo users create/list/disable/enable/remove`: how a tenant, and the operator, come to their first people, and how the
 *  operator's are managed, who have no API of their own. */
export function usersCommand(): Command {
  const users = new Command('users').description('Invite, list, disable and remove the people of a tenant.')
  tenantCommand(
    users,
    'create',
    'Invite somebody; prints the link to accept with, which works once within seven days.',
    OPERATOR_TOO,
  )
    .requiredOption('--email <address>', 'the address he signs in with')
    .addOption(new Option('--role <role>', 'what he may do').choices(ROLES).default('owner'))
    .option('--name <name>', 'his name', '')
    .action(async (options: OfTenant & { email: string; role: Role; name: string }) => {
      if (!/^[!-~]+@[!-~]+$/.test(options.email) || options.email.length > 254)
        throw new UsageError(`"${options.email}" is not an e-mail address.`)
      await inTenant(options.tenant, async (payymo, tenantId) => {
        const { email, name, role } = options
        const { user, link } = await inviteUser(depsOf(payymo), tenantId, ACTOR, EVERYTHING, { email, name, role })
        say(
          options.json,
          { id: user.id, link },
          `${link}\n(${user.id}, ${user.role}; hand this link over, it is shown this once)`,
        )
      })
    })
  tenantCommand(users, 'list', 'List the users of a tenant.', OPERATOR_TOO).action(async (options: OfTenant) => {
    await inTenant(options.tenant, async ({ store }, tenantId) => {
      const list = (await store.read(tenantId, listUsers)).map(shown)
      const table = [
        ['id', 'email', 'name', 'role', 'status', 'last sign-in'],
        ...list.map((user) => Object.values(user).map((value) => value ?? 'never')),
      ]
      say(options.json, list, textTable(table).trimEnd())
    })
  })
  statusCommand(users, 'disable', 'Shut a user out at once, until he is enabled.', 'disabled')
  statusCommand(users, 'enable', 'Let a disabled user in again.', 'active')
  userCommand(users, 'remove', 'Take a user out of the tenant, for good.').action(
    async (which: string, options: OfTenant) => {
      await inTenant(options.tenant, async (payymo, tenantId) => {
        const user = await userOf(payymo, tenantId, which)
        await deleteUser(depsOf(payymo), tenantId, ACTOR, EVERYTHING, user.id)
        say(options.json, { id: user.id, removed: true }, `${user.email} (${user.id}) is removed`)
      })
    },
  )
  return users
}

function statusCommand(users: Command, verb: string, description: string, status: 'active' | 'disabled'): void {
  userCommand(users, verb, description).action(async (which: string, options: OfTenant) => {
    await inTenant(options.tenant, async (payymo, tenantId) => {
      const { id } = await userOf(payymo, tenantId, which)
      const user = await changeUser(depsOf(payymo), tenantId, ACTOR, EVERYTHING, id, { status })
      say(options.json, shown(user), `${user.email} (${user.id}) is ${user.status}`)
    })
  })
}

const userCommand = (users: Command, verb: string, description: string): Command =>
  tenantCommand(users, verb, description, OPERATOR_TOO).argument('<id or address>')

const inTenant = (text: string, work: (payymo: Payymo, tenantId: TenantId) => Promise<void>): Promise<void> =>
  ofTenant(text, work, OPERATOR_TOO)

const depsOf = ({ store, config }: Payymo): InviteDeps => ({
  store,
  clock: systemClock,
  publicUrl: () => config.publicUrl,
})

async function userOf({ store }: Payymo, tenantId: TenantId, which: string): Promise<UserRow> {
  const key = emailKey(which)
  const list = await store.read(tenantId, listUsers)
  const user = list.find((one) => one.id === which || one.emailKey === key)
  if (!user)
    throw new UsageError(`No user of this tenant has the id or address "${which}". payymo users list shows them.`)
  return user
}

const shown = (user: UserRow) => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  status: user.status,
  last_signed_in_at: user.lastSignedInAt?.toISOString() ?? null,
})
