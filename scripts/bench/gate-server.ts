// A process of its own for P8: the whole program, and beside it the very same routes without key check, limits and log of calls.
// Says on standard output where both listen and with which key they are called.
import type { AddressInfo } from 'node:net'
import { createLog } from '../../server/src/base/log.ts'
import { readConfig } from '../../server/src/config.ts'
import { createHttp } from '../../server/src/http/server.ts'
import type { Caller } from '../../server/src/http/route.ts'
import { buildPayymo } from '../../server/src/main.ts'

const log = createLog('info')
const payymo = await buildPayymo(readConfig(), log)
const operator = { authorization: `Bearer ${process.env.PAYYMO_OPERATOR_KEY ?? ''}` }
const make = async (url: string, payload: object): Promise<Record<string, string>> =>
  (await payymo.http.inject({ method: 'POST', url: `/api/v1${url}`, headers: operator, payload })).json()

const tenant = await make('/tenants', { name: 'Bench', slug: 'bench' })
const { key } = await make(`/tenants/${tenant.id}/api-keys`, { name: 'bench', permissions: ['*'] })
const anybody: Caller = {
  kind: 'tenant',
  tenantId: tenant.id as Caller['tenantId'],
  actor: { type: 'api_key', id: 'nobody', name: 'nobody', ip: null, requestId: null },
  permissions: new Set(['*']),
  tier: 'standard',
  partner: false,
  signedInAt: null,
}
const open = createHttp({
  routes: [...payymo.routes],
  authenticate: () => Promise.resolve(anybody),
  log,
  now: () => new Date(),
  publicUrl: 'http://127.0.0.1',
})
const listen = async (app: typeof open): Promise<string> => {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}
console.log(JSON.stringify({ guarded: await listen(payymo.http), open: await listen(open), key }))
process.once('SIGTERM', () => {
  void open.close().then(() => payymo.stop())
})
