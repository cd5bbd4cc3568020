import { createLog } from '../base/log.ts'
import { readConfig } from '../config.ts'
import type { Payymo } from '../main.ts'

/** The program without a server, for commands that work on the database beside a running one. Closes it afterwards. */
export async function withPayymo<T>(work: (payymo: Payymo) => Promise<T>): Promise<T> {
  const config = readConfig()
  // Loaded only here: the file commands start without the server.
  const { buildPayymo } = await import('../main.ts')
  const payymo = await buildPayymo(config, createLog('silent'))
  try {
    return await work(payymo)
  } finally {
    await payymo.stop()
  }
}
