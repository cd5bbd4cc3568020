import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import {
  changeTenant,
  createTenant,
  deleteTenant,
  exportTenant,
  findTenant,
  findTenantBySlug,
  listEveryTenant,
  type TenantView,
} from '../access/index.ts'
import { UsageError } from '../base/errors.ts'
import { isId, type TenantId } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import type { Payymo } from '../main.ts'
import { withPayymo } from './open-store.ts'
import { textTable } from './text-table.ts'

const ACTOR = systemActor('command line')
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/

/** `payymo tenants list/create/suspend/resume/delete/export`. */
export function tenantsCommand(): Command {
  const tenants = new Command('tenants').description('List, create, suspend, delete and export tenants.')
  tenants
    .command('list')
    .description('List all tenants, deleted ones too.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      withPayymo(async ({ store }) => {
        const rows = (await store.directory(listEveryTenant)).map(shown)
        process.stdout.write(
          json
            ? `${JSON.stringify(rows)}\n`
            : textTable([
                ['id', 'slug', 'name', 'kind', 'tier', 'environment', 'status', 'parent'],
                ...rows.map((row) => Object.values(row).map((value) => value ?? '')),
              ]),
        )
      }),
    )
  createCommand(tenants)
  statusCommand(tenants, 'suspend', 'Suspend a tenant: its keys and its work rest until it is resumed.', 'suspended')
  statusCommand(tenants, 'resume', 'Let a suspended tenant go back to work.', 'active')
  tenants
    .command('delete')
    .description('Delete a tenant: keys end at once; 30 days later its data is exported and removed.')
    .argument('<slug or id>')
    .option('--json', 'as JSON')
    .action((which: string, { json }: { json?: boolean }) =>
      withPayymo(async (payymo) => {
        const { id } = await tenantOf(payymo, which)
        await deleteTenant(payymo.store, id, ACTOR)
        say(await tenantOf(payymo, id), json)
      }),
    )
  tenants
    .command('export')
    .description('Write everything a tenant has, without secrets, into one file of JSON lines.')
    .argument('<slug or id>')
    .requiredOption('--out <file>', 'the file to write; it must not exist')
    .option('--json', 'as JSON')
    .action((which: string, { out, json }: { out: string; json?: boolean }) => {
      const file = resolve(out)
      if (existsSync(file)) throw new UsageError(`${file} exists already. Name another file, or remove it.`)
      return withPayymo(async (payymo) => {
        const { id, slug } = await tenantOf(payymo, which)
        const { rows, tables } = await exportTenant(payymo.store, id, file, new Date())
        process.stdout.write(
          json ? `${JSON.stringify({ id, file, rows, tables })}\n` : `Wrote ${rows} rows of ${slug} to ${file}\n`,
        )
      })
    })
  return tenants
}

function createCommand(tenants: Command): void {
  tenants
    .command('create')
    .description('Create a tenant. Its first key: payymo keys create --tenant <slug> --name <name>.')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--slug <slug>', 'lower-case letters, digits and hyphens; never changes')
    .addOption(new Option('--kind <kind>').choices(['customer', 'partner']).default('customer'))
    .addOption(new Option('--tier <tier>').choices(['standard', 'premium']).default('standard'))
    .addOption(new Option('--environment <environment>').choices(['live', 'sandbox']).default('live'))
    .option('--parent <slug or id>', 'the partner it belongs to')
    .option('--json', 'as JSON')
    .action(
      (options: {
        name: string
        slug: string
        kind: 'customer' | 'partner'
        tier: 'standard' | 'premium'
        environment: 'live' | 'sandbox'
        parent?: string
        json?: boolean
      }) => {
        if (!SLUG.test(options.slug))
          throw new UsageError(`"${options.slug}" is no slug: use lower-case letters, digits and hyphens.`)
        if (options.name.trim() === '' || options.name.length > 200)
          throw new UsageError('The name must have 1 to 200 characters.')
        return withPayymo(async (payymo) => {
          const { name, slug, kind, tier, environment } = options
          const parentId = options.parent === undefined ? null : (await tenantOf(payymo, options.parent)).id
          const wanted = { name, slug, kind, tier, environment, parentId, settings: {} }
          say(await createTenant(payymo.store, ACTOR, wanted), options.json)
        })
      },
    )
}

function statusCommand(tenants: Command, verb: string, description: string, status: 'active' | 'suspended'): void {
  tenants
    .command(verb)
    .description(description)
    .argument('<slug or id>')
    .option('--json', 'as JSON')
    .action((which: string, { json }: { json?: boolean }) =>
      withPayymo(async (payymo) => {
        const { id } = await tenantOf(payymo, which)
        say(await changeTenant(payymo, id, ACTOR, { status }), json)
      }),
    )
}

const shown = ({ id, slug, name, kind, tier, environment, status, parentId }: TenantView) => ({
  id,
  slug,
  name,
  kind,
  tier,
  environment,
  status,
  parent_id: parentId,
})

function say(tenant: TenantView, json: boolean | undefined): void {
  process.stdout.write(
    json ? `${JSON.stringify(shown(tenant))}\n` : `${tenant.slug} (${tenant.id}) is ${tenant.status}\n`,
  )
}

async function tenantOf({ store }: Payymo, which: string): Promise<TenantView> {
  const id: TenantId | undefined = isId('ten', which)
    ? which
    : await store.directory((tx) => findTenantBySlug(tx, which))
  const tenant = id && (await store.directory((tx) => findTenant(tx, id)))
  if (!tenant) throw new UsageError(`No tenant has the slug or id "${which}". payymo tenants list shows them.`)
  return tenant
}
