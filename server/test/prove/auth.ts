import { readFileSync, writeFileSync } from 'node:fs'
import { newId } from '../../src/base/ids.ts'
import { makeCredentials } from './auth-credentials.ts'
import { expected } from './auth-rules.ts'
import { openHouse } from './house.ts'
import { operationsOf } from './operations.ts'
import { createTally } from './tally.ts'

/** Every operation of the OpenAPI document × every credential: what happens is asked of the program, compared with the rules
 *  written down apart from it (auth-rules.ts) and with the reviewed table (auth-table.txt), which has no empty cell. A new
 *  operation is not in the table and fails. `--write` writes the table anew, to be reviewed with the change that caused it.
 *  Ends with `N passed, N failed`. */

const TABLE = new URL('./auth-table.txt', import.meta.url)
const house = await openHouse({ name: 'auth' })
const tally = createTally()
try {
  const { credentials, tenantOf } = await makeCredentials(house)
  const operations = await operationsOf(house.payymo)
  const names = Object.keys(credentials)
  const lines: string[] = []
  for (const operation of operations) {
    const cells: Record<string, string> = {}
    const faults: string[] = []
    for (const name of names) {
      const authorization = await credentials[name]!(operation)
      const own = tenantOf[name]
      const path = operation.path.replaceAll(/\{(\w+)\}/g, () =>
        // A tenant is asked about itself; everything else does not exist, so that nothing happens when it is let in.
        operation.path.startsWith('/api/v1/tenants/') && operation.method !== 'DELETE' && own
          ? own
          : madeUp(operation.path),
      )
      const cookie = authorization?.startsWith('cookie: ') ? { cookie: authorization.slice(8) } : undefined
      const answer = await house.call(
        cookie ? undefined : authorization,
        operation.method,
        path,
        operation.method === 'GET' ? undefined : '{}',
        cookie,
      )
      const cell = answer.status === 401 ? '401' : answer.status === 403 ? '403' : answer.status >= 500 ? '5xx' : 'in'
      cells[name] = cell
      const rule = expected(operation, name)
      if (rule !== cell) faults.push(`${name}: ${cell} (${answer.status}), by the rules ${rule}`)
      if (cell === '401' || cell === '403') {
        const { error } = JSON.parse(answer.body) as { error?: { code?: string } }
        const code = cell === '401' ? 'authentication_required' : 'permission_denied'
        if (error?.code !== code) faults.push(`${name}: code ${error?.code}, not ${code}`)
      }
    }
    tally.count([{ name: `${operation.method} ${operation.path}`, faults }])
    lines.push(
      `${operation.method} ${operation.path} [${operation.permission}] ${names.map((name) => `${name}=${cells[name]}`).join(' ')}`,
    )
  }
  const table = `${lines.sort().join('\n')}\n`
  if (process.argv.includes('--write')) writeFileSync(TABLE, table)
  const reviewed = new Set(readFileSync(TABLE, 'utf8').trim().split('\n'))
  tally.count([
    { name: 'every line is in the reviewed table', faults: lines.filter((line) => !reviewed.has(line)) },
    {
      name: 'the reviewed table names nothing that is gone',
      faults: [...reviewed].filter((line) => !lines.includes(line)),
    },
    { name: 'no cell is empty', faults: lines.filter((line) => /=(\s|$)/.test(line)) },
  ])
} finally {
  await house.stop()
}
tally.end()

function madeUp(path: string): string {
  return path.includes('/tenants/') ? newId('ten') : newId('txn')
}
