import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { closeAlert, openAlert } from './alerts.ts'
import { systemActor, verifyAudit } from './audit.ts'

let app: TestApp
let tenant: TestTenant
const actor = systemActor('test')
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

const count = (table: string) =>
  app.store.read(tenant.id, async (tx) =>
    Number((await tx.one<{ n: string }>(`select count(*) as n from ${table} where tenant_id = $1`, [tx.tenantUuid])).n),
  )

const waitingJobs = async () =>
  Number(
    (
      await app.database.pool.query(
        "select count(*) as n from pgboss.job where data->>'tenantId' = $1 and state = 'created'",
        [tenant.id],
      )
    ).rows[0].n,
  )

describe('a change', () => {
  it('commits state, events, audit rows and jobs together, or none of them', async () => {
    const before = [await count('events'), await count('audit_events'), await waitingJobs()]
    const work = (fail: boolean) =>
      app.store.change(tenant.id, actor, async (tx) => {
        tx.event('webhook.test', 'x', { hello: 'world' })
        tx.audit({ action: 'test.do', resource: { type: 'test', id: 'x' } })
        tx.job('match-transactions', {}, { onlyOne: 'once' })
        if (fail) throw new Error('no')
      })
    await expect(work(true)).rejects.toThrow('no')
    expect([await count('events'), await count('audit_events'), await waitingJobs()]).toEqual(before)
    await work(false)
    await work(false)
    // Two events and rows, but one waiting job: the second joins the first.
    expect([await count('events'), await count('audit_events'), await waitingJobs()]).toEqual([
      before[0]! + 2,
      before[1]! + 2,
      before[2]! + 1,
    ])
  })

  it('is done again when PostgreSQL undid it for a deadlock, so that both of two crossing changes succeed', async () => {
    const others = [await app.tenant(), await app.tenant()]
    await app.database.pool.query(
      'create table crossing (id int primary key, n int not null); insert into crossing values (1, 0), (2, 0)',
    )
    await app.database.pool.query('grant select, update on crossing to payymo_app')
    let arrived = 0
    let open = () => {}
    const both = new Promise<void>((resolve) => {
      open = resolve
    })
    const cross = (n: number) =>
      app.store.change(others[n]!.id, actor, async (tx) => {
        await tx.run('update crossing set n = n + 1 where id = $1', [n + 1])
        arrived += 1
        if (arrived === 2) open()
        await both
        await tx.run('update crossing set n = n + 1 where id = $1', [2 - n])
      })
    await Promise.all([cross(0), cross(1)])
    expect((await app.database.pool.query('select id, n from crossing order by id')).rows).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ])
  })

  it('keeps one audit chain however many write at once, and shows where it was touched', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        app.store.change(tenant.id, actor, async (tx) =>
          tx.audit({ action: 'test.race', resource: { type: 'test', id: String(n) } }),
        ),
      ),
    )
    expect(await app.store.read(tenant.id, verifyAudit)).toMatchObject({ valid: true })
    const owner = app.database.pool
    await owner.query(
      "update audit_events set entry = replace(entry::text, 'test.race', 'test.calm')::json where sequence = 5",
    )
    expect(await app.store.read(tenant.id, verifyAudit)).toMatchObject({ valid: false, firstBroken: 5 })
    await owner.query(
      "update audit_events set entry = replace(entry::text, 'test.calm', 'test.race')::json where sequence = 5",
    )
    expect(await app.store.read(tenant.id, verifyAudit)).toMatchObject({ valid: true })
    // Cut at its end: the head remembers.
    const last = (
      await owner.query(
        'delete from audit_events where sequence = (select max(sequence) from audit_events) returning sequence',
      )
    ).rows[0].sequence
    expect(await app.store.read(tenant.id, verifyAudit)).toMatchObject({ valid: false, firstBroken: Number(last) })
  })

  it('opens one alert per cause, says so once, and can close it', async () => {
    const other = await app.tenant()
    const open = () =>
      app.store.change(other.id, actor, (tx) =>
        openAlert(tx, { code: 'test', severity: 'warning', subject: { type: 'x', id: 'x_1' }, message: 'Look.' }),
      )
    await open()
    await open()
    const seen = () =>
      app.store.read(other.id, async (tx) => ({
        alerts: await tx.many<{ closed_at: Date | null }>('select closed_at from alerts where tenant_id = $1', [
          tx.tenantUuid,
        ]),
        events: (await tx.many("select 1 from events where tenant_id = $1 and type = 'alert.opened'", [tx.tenantUuid]))
          .length,
      }))
    expect(await seen()).toMatchObject({ alerts: [{ closed_at: null }], events: 1 })
    await app.store.change(other.id, actor, (tx) => closeAlert(tx, 'test', 'x_1'))
    await open()
    expect((await seen()).alerts).toHaveLength(2)
  })
})
