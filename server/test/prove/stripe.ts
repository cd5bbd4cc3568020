import { parseArgs } from 'node:util'
import type { Check } from './check-invariants.ts'
import { startServer } from './server.ts'
import { WAYS } from './stripe-ways.ts'
import { createTally } from './tally.ts'

/** Proves that what we know of a Stripe account is what happened there, to the cent: a merchant's 90 days at the simulated Stripe, whose
 *  truth is noted when things happen and never read back. `--only text` (also several) picks ways, `--charges n` makes all of them as large. Ends
 *  with `N passed, N failed`. */

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, charges: { type: 'string' } } })
const chosen = WAYS.filter(({ name }) => values.only === undefined || values.only.some((part) => name.includes(part)))
if (chosen.length === 0)
  throw new Error(`No way is called like "${values.only?.join('" or "')}": ${WAYS.map(({ name }) => name).join('; ')}`)
const startedAt = performance.now()
const server = await startServer()
const tally = createTally()
try {
  for (const [n, way] of chosen.entries()) {
    const beganAt = performance.now()
    const charges = values.charges === undefined ? way.charges : Number.parseInt(values.charges, 10)
    const checks = await way
      .play(server, { name: `way_${n + 1}`, charges })
      .catch((error: unknown): Check[] => [
        { name: 'it can be played', faults: [error instanceof Error ? (error.stack ?? '') : String(error)] },
      ])
    const good = checks.filter((check) => check.faults.length === 0).length
    console.log(
      `${way.name}: ${charges} charges, ${good} of ${checks.length} hold, ${Math.round((performance.now() - beganAt) / 1000)} s`,
    )
    tally.count(checks.map(({ name, faults }) => ({ name: `${way.name}: ${name}`, faults: firstOf(faults) })))
  }
} finally {
  await server.stop()
}
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
tally.end()

/** The first of them tell enough. */
function firstOf(faults: string[]): string[] {
  return faults.length <= 12 ? faults : [...faults.slice(0, 12), `… ${faults.length} in all`]
}
