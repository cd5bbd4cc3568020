import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { findTenantBySlug, getTenant } from '../access/index.ts'
import { UsageError } from '../base/errors.ts'
import { isId, type TenantId } from '../base/ids.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import type { Payymo } from '../main.ts'
import { withPayymo } from './open-store.ts'

/** What every command about a tenant takes. */
export interface OfTenant {
  tenant: string
  json?: boolean
}

/** A command below `parent` that names its tenant and can answer in JSON. `operatorToo`: the operator is meant as well. */
export const tenantCommand = (
  parent: Command,
  name: string,
  description: string,
  { operatorToo = false } = {},
): Command =>
  parent
    .command(name)
    .description(description)
    .requiredOption(
      '--tenant <slug or id>',
      operatorToo ? 'the tenant; "operator" for the operator of this installation' : 'the tenant, for instance sandbox',
    )
    .option('--json', 'as JSON')

/** Runs the work for the tenant that was named. The operator is known by its word and shown nowhere else. Throws UsageError
 *  when there is no such tenant. */
export const ofTenant = (
  text: string,
  work: (payymo: Payymo, tenantId: TenantId) => Promise<void>,
  { operatorToo = false } = {},
): Promise<void> =>
  withPayymo(async (payymo) => {
    const found = operatorToo && text === 'operator' ? OPERATOR_TENANT : await findNamed(payymo, text)
    if (!found)
      throw new UsageError(
        `No tenant has the slug or id "${text}". payymo tenants list shows them, payymo tenants create makes one.`,
      )
    await work(payymo, found)
  })

async function findNamed({ store }: Payymo, text: string): Promise<TenantId | undefined> {
  if (!isId('ten', text)) return store.directory((tx) => findTenantBySlug(tx, text))
  return text === OPERATOR_TENANT ? undefined : (await store.read(text, getTenant))?.id
}

/** Writes what a command found: as JSON, or as people read it. */
export const say = (json: boolean | undefined, value: unknown, text: string): void =>
  void process.stdout.write(`${json ? JSON.stringify(value) : text}\n`)

/** Reads how many rows are wanted: 1 to 1000. */
export function limitOf(text: string): number {
  const limit = Number.parseInt(text, 10)
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= 1_000) return limit
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.')
}
