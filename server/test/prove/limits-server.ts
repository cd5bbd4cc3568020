import { createLog } from '../../src/base/log.ts'
import { readConfig } from '../../src/config.ts'
import { connectPool } from '../../src/database/open.ts'
import { buildPayymo } from '../../src/main.ts'

/** One process of the suite: the whole program with the settings of its environment, on a free port, which it says on standard
 *  output. Works until it is ended. */

/** Four of these share a server of a hundred connections. */
const POOL_MAX = 8

const config = readConfig(process.env)
const opened = await connectPool({ connectionString: config.databaseUrl! }, POOL_MAX)
const payymo = await buildPayymo(config, createLog('info'), {
  database: { ...opened, embedded: false, description: 'suite', close: () => opened.pool.end() },
})
await payymo.http.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`${(payymo.http.server.address() as { port: number }).port}\n`)
