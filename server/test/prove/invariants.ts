import { play } from './play.ts'
import { SCENARIOS } from './scenarios.ts'
import { startServer } from './server.ts'
import { createTally } from './tally.ts'

/** Checks the invariants twice: after a run in which nothing went wrong, where all hold, and after somebody booked a payment
 *  a second time, where the checks of the ledgers must notice. `SEED=n` repeats a run. Ends with `N passed, N failed`. */

const seed = Number.parseInt(process.env.SEED ?? '1', 10)
const tally = createTally()
const server = await startServer()
try {
  for (const [index, scenario] of [SCENARIOS[0]!, SCENARIOS.at(-1)!].entries())
    tally.count(await play(server, scenario, { name: `invariants_${index + 1}`, seed, reached: new Set() }))
} finally {
  await server.stop()
}
tally.end()
