import { z } from 'zod'
import type { Database } from '../../database/open.ts'
import { listInstances } from '../../billing/index.ts'
import { AppError } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { silentLog } from '../../base/log.ts'
import type { Config } from '../../config.ts'
import { systemActor } from '../../events/audit.ts'
import type { Payymo } from '../../main.ts'
import { about, codeOf, type Finding } from './finding.ts'

/** The steps of a test, as the operation `testWhmcsInstance` answers. */
export interface TestedInstance {
  ok: boolean
  steps: { step: string; ok: boolean; message: string; remedy: string | null }[]
}

const testedSchema = z.looseObject({
  ok: z.boolean(),
  steps: z.array(
    z.looseObject({ step: z.string(), ok: z.boolean(), message: z.string(), remedy: z.string().nullable() }),
  ),
})

const INSTALLATIONS_MAX = 20

/** Tests every connected installation of the tenant, as its own test does: it changes nothing in WHMCS, and stands in the
 *  tenant's audit trail. `database` is whole and of this version, and stays open. */
export async function checkWhmcs(config: Config, database: Database, tenantId: TenantId): Promise<Finding[]> {
  // Loaded only here: the rest of the visit does without the server.
  const { buildPayymo } = await import('../../main.ts')
  const payymo = await buildPayymo(config, silentLog, { database: { ...database, close: async () => {} } })
  try {
    const instances = (await payymo.store.read(tenantId, listInstances)).slice(0, INSTALLATIONS_MAX)
    if (instances.length === 0) return [about('whmcs').skipped('The tenant has no connected WHMCS installation.')]
    return await Promise.all(instances.map(({ id }) => tested(id, () => testInstance(payymo, tenantId, id))))
  } finally {
    await payymo.stop()
  }
}

async function tested(id: Id<'whm'>, test: () => Promise<TestedInstance>): Promise<Finding> {
  const check = about(`whmcs.${id}`)
  try {
    const { ok, steps } = await test()
    const facts = { steps: steps.map(({ step, ok: held }) => `${step} ${held ? 'ok' : 'failed'}`) }
    const failed = steps.filter((step) => !step.ok)
    if (failed.length === 0)
      return check.ok(`The WHMCS installation ${id} passes all ${steps.length} steps of its test.`, facts)
    const what = failed.map(({ step, message }) => `${step}: ${message}`).join('; ')
    const next =
      failed.map(({ remedy }) => remedy).find((remedy) => remedy !== null) ?? 'See what WHMCS says in its own log.'
    return ok
      ? check.warning(`The WHMCS installation ${id} works, but payments cannot be taken back: ${what}.`, next, facts)
      : check.problem(`The WHMCS installation ${id} fails: ${what}.`, next, facts)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return check.problem(
      `The WHMCS installation ${id} cannot be tested: ${error.message}`,
      'Add what is missing by PATCH /whmcs-instances/{id}.',
      {
        code: codeOf(error),
      },
    )
  }
}

/** Calls the API's own operation inside the process, with all rights inside the tenant, as who runs the command line has. */
async function testInstance(payymo: Payymo, tenantId: TenantId, id: Id<'whm'>): Promise<TestedInstance> {
  const route = payymo.routes.find(({ operationId }) => operationId === 'testWhmcsInstance')
  if (!route) throw new Error('no operation tests an installation')
  const answer = await route.handle({
    caller: {
      kind: 'tenant',
      tenantId,
      actor: systemActor('command line'),
      permissions: new Set(['*']),
      tier: 'standard',
      partner: false,
      signedInAt: null,
    },
    params: { id },
    query: undefined,
    body: undefined,
    rawBody: Buffer.alloc(0),
    header: () => undefined,
    requestId: 'req_doctor',
    ip: '',
  })
  return testedSchema.parse(answer.body)
}
