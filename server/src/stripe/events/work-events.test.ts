import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { type Connected, createEventsBench, type EventsBench } from '../../../test/setup/factories-stripe-events.ts'
import { accountAnswer, chargeAnswer, refundAnswer } from '../../../test/setup/stripe-answers.ts'
import { uuidOf } from '../../base/ids.ts'
import { toAccount } from '../api/to-account.ts'
import { toCharge } from '../api/to-charge.ts'
import { type StripeFault, StripeFeedError } from '../stripe-feed.ts'

let bench: EventsBench
let tenant: TestTenant
let account: Connected

beforeAll(async () => {
  bench = await createEventsBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  bench.clock.set('2026-11-26T12:00:00Z')
  bench.read.length = 0
  bench.onRead = undefined
  bench.feed = {}
  tenant = await bench.app.tenant()
  account = await bench.connect(tenant)
})

/** An event of a type about an object. */
const about = (type: string, id: string, more: Record<string, unknown> = {}) =>
  account.event({ type, data: { object: { id, ...more } } })
const deliver = async (...events: Record<string, unknown>[]) => {
  for (const event of events) expect((await bench.deliver(event)).status).toBe(200)
}
const states = async () => (await bench.events(account)).map((row) => row.state)
const work = () => bench.work(account)
/** The next tries are due. */
const wait = () => bench.sql(account, 'update stripe_events set next_attempt_at = now() where tenant_id = :tenant')
const faulty =
  (fault: StripeFault, more: { notBefore?: Date; missing?: string } = {}) =>
  () => {
    throw new StripeFeedError(fault, `a_${fault}`, `Stripe says ${fault}.`, more)
  }
const openAlerts = async () =>
  (await bench.alerts(tenant)).filter((alert) => alert.closed_at === null).map((alert) => alert.code)

describe('an event leads to reading again', () => {
  it.each([
    ['charge.succeeded', 'ch_1', 'ch_1'],
    ['charge.updated', 'py_1', 'py_1'],
    ['charge.pending', 'ch_1', 'ch_1'],
    ['charge.failed', 'ch_1', 'ch_1'],
    ['charge.captured', 'ch_1', 'ch_1'],
    ['charge.expired', 'ch_1', 'ch_1'],
    ['charge.refunded', 'ch_1', 'ch_1'],
    ['charge.refund.updated', 're_1', 'refund re_1'],
    ['refund.created', 're_1', 'refund re_1'],
    ['refund.updated', 're_1', 'refund re_1'],
    ['refund.failed', 'pyr_1', 'refund pyr_1'],
    ['charge.dispute.created', 'du_1', 'dispute du_1'],
    ['charge.dispute.updated', 'du_1', 'dispute du_1'],
    ['charge.dispute.closed', 'du_1', 'dispute du_1'],
    ['charge.dispute.funds_withdrawn', 'du_1', 'dispute du_1'],
    ['charge.dispute.funds_reinstated', 'du_1', 'dispute du_1'],
    ['payout.created', 'po_1', 'po_1'],
    ['payout.updated', 'po_1', 'po_1'],
    ['payout.paid', 'po_1', 'po_1'],
    ['payout.failed', 'po_1', 'po_1'],
    ['payout.canceled', 'po_1', 'po_1'],
    ['payout.reconciliation_completed', 'po_1', 'po_1'],
  ])('%s', async (type, id, read) => {
    await deliver(about(type, id))
    await work()
    expect([bench.read, await states()]).toEqual([[read], ['done']])
  })

  it.each([
    ['payment_intent.succeeded', { id: 'pi_3A1' }, 'ch_3A1'],
    ['payment_intent.processing', { id: 'pi_3A1' }, 'ch_3A1'],
    ['payment_intent.payment_failed', { id: 'pi_3A1' }, 'ch_3A1'],
    ['payment_intent.canceled', { id: 'pi_3A1' }, 'ch_3A1'],
    ['checkout.session.completed', { id: 'cs_1', payment_intent: 'pi_3A1' }, 'ch_3A1 around'],
    ['checkout.session.async_payment_succeeded', { id: 'cs_1', payment_intent: 'pi_3A1' }, 'ch_3A1 around'],
    ['checkout.session.async_payment_failed', { id: 'cs_1', payment_intent: 'pi_3A1' }, 'ch_3A1 around'],
  ])('%s, by the charge it brought', async (type, object, read) => {
    const asked: string[] = []
    bench.feed.findChargeOf = (id) => {
      asked.push(id)
      return Promise.resolve(toCharge(chargeAnswer()))
    }
    await deliver(account.event({ type, data: { object } }))
    await work()
    expect([asked, bench.read, await states()]).toEqual([['pi_3A1'], [read], ['done']])
  })

  it('of an intent without a charge there is nothing to read', async () => {
    bench.feed.findChargeOf = () => Promise.resolve(undefined)
    await deliver(about('payment_intent.payment_failed', 'pi_1'))
    await work()
    expect([bench.read, await states()]).toEqual([[], ['done']])
  })

  it('once for all events about one object, whatever their order', async () => {
    await deliver(
      about('charge.updated', 'ch_1'),
      about('charge.succeeded', 'ch_1'),
      about('refund.created', 're_1'),
      about('charge.refunded', 'ch_1'),
    )
    await work()
    expect(bench.read.toSorted()).toEqual(['ch_1', 'refund re_1'])
    expect(await states()).toEqual(['done', 'done', 'done', 'done'])
    await work()
    expect(bench.read).toHaveLength(2)
  })

  it('again for an event that comes after the reading began', async () => {
    bench.onRead = async () => {
      bench.onRead = undefined
      await deliver(about('charge.updated', 'ch_1'))
    }
    await deliver(about('charge.succeeded', 'ch_1'))
    await work()
    expect([bench.read, await states()]).toEqual([
      ['ch_1', 'ch_1'],
      ['done', 'done'],
    ])
  })

  it('of one object never twice at once, however many work', async () => {
    let [now, most] = [0, 0]
    const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    bench.onRead = async () => {
      most = Math.max(most, (now += 1))
      begun.resolve()
      await held.promise
      now -= 1
    }
    await deliver(about('charge.succeeded', 'ch_1'))
    const first = work()
    await begun.promise
    await deliver(about('charge.updated', 'ch_1'))
    await Promise.all([work(), work()])
    expect([now, most]).toEqual([1, 1])
    expect(await states()).toEqual(['waiting', 'waiting'])
    held.resolve()
    await first
    await work()
    expect([most, bench.read, await states()]).toEqual([1, ['ch_1', 'ch_1'], ['done', 'done']])
  })

  it('of many objects, in batches, each once', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => `ch_many_${at}`)
    await deliver(...ids.map((id) => about('charge.succeeded', id)))
    await work()
    expect(bench.read.toSorted()).toEqual(ids.toSorted())
    expect(new Set(await states())).toEqual(new Set(['done']))
  })
})

describe('what cannot be read', () => {
  it('is tried again, later each time, and put before a person after ten tries', async () => {
    bench.onRead = faulty('unreadable')
    await deliver(about('charge.succeeded', 'ch_1'))
    const delays: number[] = []
    for (let attempt = 1; attempt <= 9; attempt++) {
      await work()
      const [row] = await bench.events(account)
      expect(row).toMatchObject({ state: 'waiting', attempts: attempt, error: 'Stripe says unreadable.' })
      delays.push(row!.due_in)
      // Not before its time.
      await work()
      expect(bench.read).toHaveLength(attempt)
      await wait()
    }
    expect(delays).toEqual([60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360])
    expect(await openAlerts()).toEqual([])
    await work()
    expect(await bench.events(account)).toMatchObject([{ state: 'failed', attempts: 10 }])
    expect(await bench.alerts(tenant)).toMatchObject([
      {
        code: 'stripe_event_failed',
        message: `Stripe told of ch_1, but it could not be read in 10 tries: Stripe says unreadable. Compare it with Stripe's dashboard. POST /stripe-connections/${account.id}/sync reads the account again.`,
      },
    ])
    await wait()
    await work()
    expect(bench.read).toHaveLength(10)

    // A later event about it is read, and all is well.
    bench.onRead = undefined
    await deliver(about('charge.updated', 'ch_1'))
    await work()
    expect([await states(), await openAlerts()]).toEqual([['done', 'done'], []])
  })

  it('costs the others nothing, when it is its own fault', async () => {
    bench.onRead = (what) => {
      if (what === 'ch_bad') throw new TypeError('a bug of ours')
    }
    await deliver(about('charge.succeeded', 'ch_bad'), about('charge.succeeded', 'ch_good'))
    await work()
    expect(await bench.events(account)).toMatchObject([
      { object_id: 'ch_bad', state: 'waiting', attempts: 1, error: 'Something went wrong here; the log says what.' },
      { object_id: 'ch_good', state: 'done' },
    ])
  })

  it('is no try, when the database was busy', async () => {
    bench.onRead = () => {
      throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
    }
    await deliver(about('charge.succeeded', 'ch_1'))
    for (let turn = 0; turn < 12; turn++) {
      await work()
      expect(await bench.events(account)).toMatchObject([{ state: 'waiting', attempts: 0, due_in: 5 }])
      await wait()
    }
    bench.onRead = undefined
    await work()
    expect(await states()).toEqual(['done'])
  })

  it('waits as long as Stripe asks, and the others with it', async () => {
    bench.onRead = faulty('later', { notBefore: new Date('2026-11-26T12:30:00Z') })
    const ids = Array.from({ length: 30 }, (_, at) => `ch_${at}`)
    await deliver(...ids.map((id) => about('charge.succeeded', id)))
    await work()
    const rows = await bench.events(account)
    const tried = rows.filter((row) => row.attempts > 0)
    expect(tried).toHaveLength(bench.read.length)
    expect(tried.length).toBeLessThanOrEqual(5)
    for (const row of tried) expect(row.due_in).toBe(1_800)
    for (const row of rows) expect(row.state).toBe('waiting')
    await work()
    bench.onRead = undefined
    await wait()
    await work()
    expect(new Set(await states())).toEqual(new Set(['done']))
  })

  it('is nothing, when Stripe does not know it', async () => {
    bench.onRead = faulty('gone')
    await deliver(about('charge.succeeded', 'ch_forged'))
    await work()
    expect(await bench.events(account)).toMatchObject([{ state: 'ignored', error: 'Stripe says gone.' }])
    expect(await openAlerts()).toEqual([])
  })

  it.each(['revoked', 'credentials'] as const)('waits while the account is out of reach (%s)', async (fault) => {
    bench.onRead = faulty(fault)
    await deliver(about('charge.succeeded', 'ch_1'), about('refund.created', 're_1'))
    for (let time = 0; time < 12; time++) {
      await work()
      await wait()
    }
    for (const row of await bench.events(account)) expect(row).toMatchObject({ state: 'waiting', attempts: 0 })
    // The connection says so itself.
    expect(await openAlerts()).toEqual(['stripe_connection_failed'])
    bench.onRead = undefined
    await work()
    expect(await states()).toEqual(['done', 'done'])
  })

  it('is left to the alert of the connection, when the key may not read it', async () => {
    bench.onRead = (what) => {
      if (what.startsWith('dispute')) faulty('permission', { missing: 'Disputes: Read' })()
    }
    await deliver(about('charge.dispute.created', 'du_1'), about('charge.succeeded', 'ch_1'))
    for (let time = 0; time < 10; time++) {
      await work()
      await wait()
    }
    expect(await states()).toEqual(['failed', 'done'])
    expect(await openAlerts()).toEqual(['stripe_connection_failed'])
  })

  it('does not end a worker for ever', async () => {
    await deliver(about('charge.succeeded', 'ch_1'))
    await bench.sql(account, 'update stripe_events set attempts = 10 where tenant_id = :tenant')
    await work()
    expect([bench.read, await states(), await openAlerts()]).toEqual([[], ['failed'], ['stripe_event_failed']])
  })
})

describe('the end of our access', () => {
  const ended = (created?: number) =>
    account.event({
      type: 'account.application.deauthorized',
      data: { object: { id: 'ca_1', object: 'application', name: 'Payymo' } },
      ...(created === undefined ? {} : { created }),
    })
  const connection = async () =>
    bench.app.store.read(tenant.id, (tx) =>
      tx.one<{ status: string }>('select status from stripe_connections where tenant_id = $1', [tx.tenantUuid]),
    )

  it('is believed without asking, since nothing can be asked any more', async () => {
    await deliver(ended(), about('charge.succeeded', 'ch_1'))
    bench.onRead = faulty('revoked')
    await work()
    expect(await connection()).toEqual({ status: 'disconnected' })
    await wait()
    await work()
    expect(Object.fromEntries((await bench.events(account)).map((row) => [row.type, row.state]))).toEqual({
      'account.application.deauthorized': 'done',
      'charge.succeeded': 'ignored',
    })
    expect(await openAlerts()).toEqual(['stripe_disconnected'])
    // What comes now is for nobody.
    expect((await bench.deliver(about('charge.updated', 'ch_1'))).status).toBe(200)
    expect(await bench.events(account)).toHaveLength(2)
  })

  it('told late says nothing about a connection made since, unless Stripe says the same', async () => {
    bench.feed.getAccount = () => Promise.resolve(toAccount(accountAnswer()))
    const late = () => ended(Math.floor(bench.clock.now().getTime() / 1000) - 2 * 86_400)
    await deliver(late())
    await work()
    expect([await connection(), await states()]).toEqual([{ status: 'active' }, ['done']])
    bench.feed.getAccount = faulty('revoked')
    await deliver(late())
    await work()
    expect([await connection(), await states()]).toEqual([{ status: 'disconnected' }, ['done', 'done']])
  })

  it('is not the end of a key that the merchant made', async () => {
    account = await bench.connect(tenant, { kind: 'restricted_key' })
    await deliver(ended())
    await work()
    const row = await bench.app.store.read(tenant.id, (tx) =>
      tx.one<{ status: string }>('select status from stripe_connections where tenant_id = $1 and id = $2', [
        tx.tenantUuid,
        uuidOf(account.id),
      ]),
    )
    expect([row.status, await states()]).toEqual(['active', ['done']])
  })
})

describe('what looks after events', () => {
  it('brings back those that are due, and those whose worker died; not those of a tenant at rest', async () => {
    const clear = () => bench.app.database.pool.query("delete from pgboss.job where name = 'stripe.events'")
    await deliver(about('charge.succeeded', 'ch_1'))
    await clear()
    // Taken by a worker that is no more: its lease runs.
    await bench.sql(
      account,
      "update stripe_events set attempts = 1, next_attempt_at = now() + interval '1 minute' where tenant_id = :tenant",
    )
    await bench.sweep('stripe-events')
    expect(await bench.jobs(account)).toBe(0)
    await wait()
    await bench.sweep('stripe-events')
    await bench.sweep('stripe-events')
    expect(await bench.jobs(account)).toBe(1)
    await work()
    expect(await states()).toEqual(['done'])

    await deliver(about('charge.updated', 'ch_1'))
    await clear()
    await bench.app.call('operator-key-for-tests-0123456789abcdef', 'PATCH', `/tenants/${tenant.id}`, {
      status: 'suspended',
    })
    await bench.sweep('stripe-events')
    expect(await bench.jobs(account)).toBe(0)
  })

  it('a property of the whole: whatever comes how often in whatever order, the last reading is after the last event', async () => {
    const objects = ['ch_1', 'ch_2', 're_1']
    const events = Array.from({ length: 24 }, (_, at) => {
      const id = objects[at % 3]!
      return about(id.startsWith('re') ? 'refund.updated' : 'charge.updated', id, id === 're_1' ? refundAnswer() : {})
    })
    /** What Stripe has, and what we read of it last. */
    const [there, here] = [new Map<string, number>(), new Map<string, number>()]
    bench.onRead = (what) => void here.set(what.replace('refund ', ''), there.get(what.replace('refund ', ''))!)
    for (const [at, event] of events.entries()) {
      there.set(objects[at % 3]!, at)
      await deliver(event)
      if (at % 5 === 0) await deliver(events[Math.floor(at / 2)]!)
      if (at % 4 === 0) await Promise.all([work(), work()])
    }
    await work()
    expect(here).toEqual(there)
    expect(new Set(await states())).toEqual(new Set(['done']))
    expect(await states()).toHaveLength(24)
  })
})
