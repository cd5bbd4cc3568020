import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createWhmcs, type WhmcsSeed } from './index.ts'

/** The simulator as a program of its own: prints `{"url","pid"}` as one line when it listens, then runs until it is ended. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'base-path': { type: 'string', default: '' },
    journal: { type: 'string' },
    seed: { type: 'string' },
  },
})

const whmcs = await createWhmcs({
  port: Number.parseInt(values.port, 10),
  host: values.host,
  basePath: values['base-path'],
  ...(values.journal === undefined ? {} : { journal: values.journal }),
  ...(values.seed === undefined ? {} : { seed: JSON.parse(readFileSync(values.seed, 'utf8')) as WhmcsSeed }),
})
console.log(JSON.stringify({ url: whmcs.url, pid: process.pid }))

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void whmcs.close())
