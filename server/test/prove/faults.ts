import { parseArgs } from 'node:util'
import { CRASH_POINTS, UNDO_CRASH_POINTS } from '../../src/billing/payments/index.ts'
import type { Check } from './check-invariants.ts'
import { play } from './play.ts'
import { SCENARIOS } from './scenarios.ts'
import { startServer } from './server.ts'
import { createTally } from './tally.ts'
import { UNDO_SCENARIOS } from './undo-scenarios.ts'

/** Proves that payments survive: real worker processes, a real simulator with its own journal, a real database, and everything
 *  that can go wrong between them. `SEED=n` repeats a run, `--only text` picks scenarios. Ends with `N passed, N failed`. */

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const seed = Number.parseInt(process.env.SEED ?? '1', 10)
const chosen = [...SCENARIOS, ...UNDO_SCENARIOS].filter(
  ({ name }) => values.only === undefined || name.includes(values.only),
)
console.log(`seed ${seed}, ${chosen.length} scenarios`)

const startedAt = performance.now()
const server = await startServer()
const reached = new Set<string>()
const tally = createTally()
try {
  for (const [index, scenario] of chosen.entries()) {
    const name = `scenario_${index + 1}`
    const checks = await play(server, scenario, { name, seed, reached }).catch((error: unknown): Check[] => [
      {
        name: `${scenario.name} can be played`,
        faults: [error instanceof Error ? (error.stack ?? '') : String(error)],
      },
    ])
    tally.count(checks)
  }
} finally {
  await server.stop()
}
if (values.only === undefined) {
  const missed = [...CRASH_POINTS, ...UNDO_CRASH_POINTS].filter((point) => !reached.has(point))
  tally.count([{ name: 'every crash point was reached', faults: missed }])
}
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
tally.end()
