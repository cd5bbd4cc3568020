import { createLog } from '../base/log.ts'
import { readConfig } from '../config.ts'
import { buildPayymo, type Payymo } from '../main.ts'

/** The program without a server, for commands that work on the database beside a running one. Closes it afterwards. */
export async function withPayymo<T>(work: (payymo: Payymo) => Promise<T>): Promise<T> {
  const config = readConfig()
  const payymo = await buildPayymo(config, createLog('silent'))
  try {
    return await work(payymo)
  } finally {
    await payymo.stop()
  }
}
