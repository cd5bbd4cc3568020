import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../src/base/ids.ts'
import { dice } from './dice.ts'
import { setStage } from './company.ts'
import { operationsOf } from './operations.ts'
import { startServer } from './server.ts'
import { createTally } from './tally.ts'
import { attemptsOf } from './tenancy-attempts.ts'
import { CANARY, plantMore, settingsOf, startBank } from './tenancy-plant.ts'
import { fingerprints, knownIds, tablesWithout } from './tenancy-victim.ts'

/** Every operation × ids of another tenant, in the path, the query and the body: the answer is the very same as for ids that
 *  never were, no text of the other tenant shows, and not a row of it changes. Two controls keep the suite honest: the other
 *  tenant itself finds every one of these ids, and it owns a row in every table. Ends with `N passed, N failed`. */

const tally = createTally()
const server = await startServer()
const bank = await startBank()
const stage = await setStage(server, {
  name: 'tenancy',
  environment: settingsOf(bank),
  timeScale: 1,
  chance: dice(Number.parseInt(process.env.SEED ?? '1', 10)),
})
try {
  const [victim, attacker] = stage.companies as [(typeof stage.companies)[0], (typeof stage.companies)[0]]
  const { payymo } = stage
  await plantMore(payymo, victim, bank)
  const known = await knownIds(payymo, victim.tenantId)
  const operations = await operationsOf(payymo)
  tally.count([
    { name: 'the other tenant has a row in every table', faults: await tablesWithout(payymo, victim.tenantId) },
  ])

  const call = async (key: string, method: string, url: string, body?: string) => {
    const answer = await payymo.http.inject({
      method: method as 'GET',
      url,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: body }),
    })
    return { status: answer.statusCode, body: answer.body }
  }

  const found = new Set<string>()
  // The log of calls is written once a second.
  await sleep(1_500)
  const before = await fingerprints(payymo, victim.tenantId)
  for (const operation of operations) {
    const faults: string[] = []
    for (const attempt of attemptsOf(operation, known)) {
      const foreign = attempt(known)
      const madeUp = attempt(Object.fromEntries(Object.keys(known).map((kind) => [kind, newId(kind as never)])))
      const [one, other] = [
        await call(attacker.key, operation.method, foreign.url, foreign.body),
        await call(attacker.key, operation.method, madeUp.url, madeUp.body),
      ]
      const [oneText, otherText] = [plain(one.body, foreign.ids), plain(other.body, madeUp.ids)]
      if (one.status !== other.status || oneText !== otherText) {
        faults.push(`${foreign.url} ${foreign.body ?? ''}: ${one.status} ${oneText.slice(0, 200)}`)
        faults.push(`  a made-up id: ${other.status} ${otherText.slice(0, 200)}`)
      }
      if (one.body.includes(CANARY)) faults.push(`${foreign.url} shows "${CANARY}"`)
    }
    tally.count([{ name: `${operation.method} ${operation.path}`, faults }])
  }
  const after = await fingerprints(payymo, victim.tenantId)
  // Only now: the other tenant's own calls leave rows of their own.
  for (const operation of operations.filter(({ method }) => method === 'GET')) {
    for (const attempt of attemptsOf(operation, known)) {
      const { url, ids } = attempt(known)
      if ((await call(victim.key, 'GET', url)).status === 200) for (const id of ids) found.add(id)
    }
  }
  tally.count([
    {
      name: 'no row of the other tenant changed',
      faults: Object.keys(after).filter((table) => before[table] !== after[table]),
    },
    {
      name: 'the other tenant itself finds every id that was tried',
      faults: Object.entries(known)
        .filter(([, id]) => !found.has(id))
        .map(([kind, id]) => `${kind}: ${id} is found by no GET`),
    },
  ])
} finally {
  await stage.stop()
  await server.stop()
  await bank.close()
}
tally.end()

/** The answer without what differs between any two calls, and with the ids asked for made alike. */
function plain(body: string, ids: string[]): string {
  let text = body.replaceAll(/req_[0-9a-z]{26}/g, 'req_')
  for (const id of ids) text = text.replaceAll(id, 'id')
  // Things that the call itself made have ids and times of their own.
  return text
    .replaceAll(/\b([a-z]{3,5})_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g, '$1_')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'time')
    .replaceAll(/pk_(live|test)_\w+|whsec_[\w+/=]+/g, 'secret')
}
