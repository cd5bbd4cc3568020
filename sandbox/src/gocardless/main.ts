import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createGocardless } from './index.ts'
import type { GocardlessSeed } from './seed.ts'

/** Runs the simulator as a process of its own: `node sandbox/src/gocardless/main.ts --port N --seed FILE --state FILE`.
 *  Prints one line of JSON with the URL when it listens; ends on SIGINT and SIGTERM. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string' },
    state: { type: 'string' },
    now: { type: 'string' },
  },
})
const seed: GocardlessSeed =
  values.seed === undefined ? { accounts: [] } : JSON.parse(readFileSync(values.seed, 'utf8'))
const simulator = await createGocardless({
  port: Number(values.port),
  host: values.host,
  seed: values.now === undefined ? seed : { ...seed, now: values.now },
  ...(values.state === undefined ? {} : { stateFile: values.state }),
})
console.log(JSON.stringify({ simulator: 'gocardless', url: simulator.url }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close())
