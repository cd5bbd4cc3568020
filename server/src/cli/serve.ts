import { Command } from 'commander'
import { createLog } from '../base/log.ts'
import { readConfig } from '../config.ts'

/** `payymo serve`: the server as a service runs it, with JSON lines on standard error. */
export const serveCommand = (): Command =>
  new Command('serve')
    .description('Run the server (PAYYMO_ROLE: all, api or worker) with JSON logs on standard error.')
    .action(async () => {
      const config = readConfig()
      // Loaded only here: the file commands start without the server.
      const { runServer } = await import('./run-server.ts')
      await runServer(config, createLog(config.logLevel), { line: () => {}, progress: () => {}, silent: true })
    })
