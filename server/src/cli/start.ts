// npm start: everything in one process tree, with a sandbox company whose month runs of itself. Logs go to a file, so that the
// terminal tells the story.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '../base/log.ts'
import { readConfig } from '../config.ts'
import { runCommand } from './process.ts'
import { runServer } from './run-server.ts'
import { teller } from './teller.ts'

await runCommand(async () => {
  const config = readConfig()
  const log = createLog(config.logLevel, (line) => appendFileSync(join(config.dataDir, 'payymo.log'), line))
  await runServer(config, log, teller())
})
