import { setTimeout as sleep } from 'node:timers/promises'
import { type Check, checkInvariants } from './check-invariants.ts'
import { setStage, type Stage } from './company.ts'
import { startCrew } from './crew.ts'
import { dice } from './dice.ts'
import { CRASHES, type Scenario, SCENARIOS, type Scene } from './scenarios.ts'
import type { SuiteServer } from './server.ts'
import { UNDO_SCENARIOS } from './undo-scenarios.ts'

/** Passed only when something hangs, also on a machine that has much else to do. */
const SCENARIO_MS_MAX = 240_000
const POLL_MS = 200

/** Payments whose work has not ended, or that were not read back. */
const OPEN = `from payments where not (state in ('refused', 'quarantined') or (state = 'applied' and verified_at is not null) or state = 'reversed')`

/** Takings back whose work has not ended. */
const OPEN_UNDOS = `from undos where state in ('pending', 'sending', 'unknown')`

/** Plays one scenario on a stage of its own until everything has ended, and checks what must hold then. Crash points that were
 *  reached are added to `reached`. */
export async function play(
  on: SuiteServer,
  scenario: Scenario,
  { name, seed, reached }: { name: string; seed: number; reached: Set<string> },
): Promise<Check[]> {
  const beganAt = performance.now()
  const chance = dice(seed * 1_000 + [...SCENARIOS, ...UNDO_SCENARIOS].indexOf(scenario))
  const { timeScale, size } = scenario
  const stage = await setStage(on, { name, timeScale, chance, ...(size ? { size } : {}) })
  const setAt = performance.now()
  if (scenario.faults) {
    for (const [n, { simulator }] of stage.companies.entries())
      await simulator.setFaults(scenario.faults(seed * 10 + n, timeScale))
  }
  let deathsLeft = scenario.crashPoint === undefined ? 0 : CRASHES
  const crew = await startCrew({
    size: scenario.workers,
    environment: stage.environment,
    folder: on.folder,
    crashPointOf: () => (deathsLeft-- > 0 ? `${scenario.crashPoint}:${chance.between(1, 6)}` : undefined),
  })
  const scene: Scene = { stage, crew, server: on, chance, seed, done: () => isDone(stage).catch(away) }
  const checks: Check[] = []
  let endedAt = 0
  let beforePerson = 0
  try {
    await scenario.disturb?.(scene)
    const unfinished = await waitFor(scene, scenario.msMax ?? SCENARIO_MS_MAX)
    endedAt = performance.now()
    checks.push({ name: 'everything ends', faults: unfinished })
    if (unfinished.length > 0) console.log(crew.log.slice(-20).join('\n').slice(0, 8_000))
    checks.push({ name: 'workers die only where they are asked to', faults: crew.faults })
    if (scenario.crashPoint !== undefined) {
      const deaths = crew.crashes.filter((point) => point === scenario.crashPoint).length
      if (deaths > 0) reached.add(scenario.crashPoint)
      checks.push({
        name: `${scenario.crashPoint} was reached ${CRASHES} times`,
        faults: deaths === CRASHES ? [] : [`${deaths} times`],
      })
    }
    if (scenario.after) checks.push({ name: 'what is particular to it', faults: await scenario.after(scene) })
    await crew.stop()
    const waiting = await quarantined(stage)
    beforePerson = waiting.length
    checks.push({
      name: 'few payments wait for a person',
      faults: waiting.length > (scenario.quarantinesMax ?? 0) ? waiting : [],
    })
    const invariants = await checkInvariants(stage, {
      log: [...crew.log, ...stage.log],
      ...(scenario.sqlStates ? { sqlStates: scenario.sqlStates } : {}),
    })
    checks.push(...invariants.map((check) => (scenario.broken?.includes(check.name) ? turned(check) : check)))
  } finally {
    await crew.stop()
    await stage.stop()
  }
  const good = checks.filter((check) => check.faults.length === 0).length
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
  console.log(
    `${scenario.name}: ${stage.payments} payments, ${beforePerson} quarantined or refused, ${good} of ${checks.length} hold; set ${seconds(beganAt, setAt)} s, ran ${seconds(setAt, endedAt)} s, all ${seconds(beganAt, performance.now())} s`,
  )
  return checks
}

/** A check that must notice what was broken on purpose: a suite that cannot fail proves nothing. */
function turned({ name, faults }: Check): Check {
  return { name: `noticed: not ${name}`, faults: faults.length > 0 ? [] : ['nothing was noticed'] }
}

async function waitFor(scene: Scene, msMax: number): Promise<string[]> {
  const endsAt = performance.now() + msMax
  while (performance.now() < endsAt) {
    if (await scene.done()) return []
    await sleep(POLL_MS)
  }
  return leftOver(scene.stage)
}

async function isDone(stage: Stage): Promise<boolean> {
  const { rows } = await stage.payymo.database.pool.query<{ open: boolean }>(
    `select exists (select 1 ${OPEN}) or exists (select 1 ${OPEN_UNDOS}) or exists (select 1 from deliveries where status = 'pending') as open`,
  )
  return !rows[0]!.open
}

/** Only a server that went down is waited for; anything else is a fault of the suite. */
function away(error: unknown): false {
  const { code, message } = error as { code?: string; message?: string }
  if (/^(57P0|08|ECONN|ENOENT|EPIPE)/.test(code ?? '') || /terminated|timeout/i.test(message ?? '')) return false
  throw error
}

async function leftOver(stage: Stage): Promise<string[]> {
  const { rows } = await stage.payymo.database.pool.query<{ text: string }>(
    `select state || ', attempts ' || attempts || ', ' || coalesce(reason, '-') || ': ' || count(*) as text ${OPEN} group by state, attempts, reason
     union all select 'undo ' || state || ', step ' || coalesce(step, '-') || ', attempts ' || attempts || ', ' || coalesce(reason, '-') || ': ' || count(*)
       ${OPEN_UNDOS} group by state, step, attempts, reason
     union all select 'delivery ' || status || ': ' || count(*) from deliveries where status = 'pending' group by status`,
  )
  return rows.map((row) => row.text)
}

/** What the program could not decide, or refused. */
async function quarantined(stage: Stage): Promise<string[]> {
  const { rows } = await stage.payymo.database.pool.query<{ text: string }>(
    `select state || ' ' || transid || ': ' || reason as text from payments where state in ('quarantined', 'refused')
     union all select 'undo ' || transid || ': ' || array_to_string(remaining, ' ') from undos where state = 'needs_person'`,
  )
  return rows.map((row) => row.text)
}
