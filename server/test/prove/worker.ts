import { createLog } from '../../src/base/log.ts'
import { readConfig } from '../../src/config.ts'
import { connectPool } from '../../src/database/open.ts'
import { buildPayymo } from '../../src/main.ts'

/** One worker process of a suite: the whole program with the settings of its environment, without a socket. Says `ready` on
 *  standard output when it works, and works until it is ended, one way or the other. */

/** Eight of these share a server of a hundred connections. */
const POOL_MAX = 4

const config = readConfig(process.env)
const log = createLog('info')
process.on('unhandledRejection', (error) => {
  log.error('unhandled rejection', { error })
  process.exit(1)
})

const opened = await connectPool({ connectionString: config.databaseUrl! }, POOL_MAX)
const payymo = await buildPayymo(config, log, {
  database: { ...opened, embedded: false, description: 'suite', close: () => opened.pool.end() },
})
await payymo.startWorkers()
process.stdout.write('ready\n')
process.once('SIGTERM', () => void payymo.stop().then(() => process.exit(0)))
