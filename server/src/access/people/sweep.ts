import { eachApart } from '../../base/each-apart.ts'
import { withPerson } from '../../database/transaction.ts'
import type { Sweep } from '../../http/slice.ts'
import type { People } from './deps.ts'
import { erasePeople } from './erase-people.ts'
import { deleteEndedTokens, endSession, listEndedSessions, listTenantsWithTokens } from './session-queries.ts'
import { ABSOLUTE_MS, IDLE_MS } from './sessions.ts'

const AT_ONCE = 500
const EVERY_MS = 10 * 60_000
const ERASE_EVERY_MS = 60 * 60_000

/** Removes sessions, access tokens and reset links that have run out. Nothing depends on it: they are refused by their times already. */
export const peopleSweep = (people: People): Sweep => ({
  name: 'people.sweep',
  everyMs: EVERY_MS,
  run: async () => {
    const now = people.clock.now()
    const before = (ms: number) => new Date(now.getTime() - ms)
    const sessions = await people.store.directory((tx) =>
      listEndedSessions(tx, { seenAt: before(IDLE_MS), startedAt: before(ABSOLUTE_MS) }, AT_ONCE),
    )
    await eachApart(sessions, ({ id, personUuid }) => withPerson(people.pool, personUuid, (tx) => endSession(tx, id)))
    await eachApart(await people.store.directory(listTenantsWithTokens), (tenantId) =>
      people.store.read(tenantId, (tx) => deleteEndedTokens(tx, now)),
    )
    const owners = await people.store.directory((tx) =>
      tx.many<{ person_id: string }>('select distinct person_id from password_resets where expires_at <= $1 limit $2', [
        now,
        AT_ONCE,
      ]),
    )
    await eachApart(owners, ({ person_id }) =>
      withPerson(people.pool, person_id, (tx) =>
        tx.run('delete from password_resets where person_id = $1 and expires_at <= $2', [tx.personUuid, now]),
      ),
    )
  },
})

/** Erases people who belong to no tenant any more. */
export const eraseSweep = (people: People): Sweep => ({
  name: 'people.erase',
  everyMs: ERASE_EVERY_MS,
  run: () => erasePeople(people),
})
