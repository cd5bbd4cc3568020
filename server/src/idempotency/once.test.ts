import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR_KEY, type TestTenant } from '../../test/setup/app.ts'
import { linesOf, makeFileConnection } from '../../test/setup/factories-banking.ts'
import { createOnceApp, type OnceAnswer, type OnceApp } from '../../test/setup/factories-idempotency.ts'
import { AppError } from '../base/errors.ts'
import { OPERATOR_TENANT } from '../http/route.ts'

let once: OnceApp
let tenant: TestTenant
let account: { id: string; accountId: string }
beforeAll(async () => {
  once = await createOnceApp()
  tenant = await once.tenant()
  account = await makeFileConnection(tenant)
})
afterAll(() => once.stop())

let count = 0
const newKey = () => `order-${(count += 1)}`
const line = (change: object = {}) => ({
  account_id: account.accountId,
  amount: '12.50',
  currency: 'EUR',
  transaction_date: '2025-04-10',
  description: 'Invoice 7',
  ...change,
})
const post = (key: string, body: unknown, path = '/transactions') => once.call(tenant.key, 'POST', path, { key, body })
const linesNow = async () => (await linesOf(tenant, account.accountId)).length
const replayed = (answer: OnceAnswer) => answer.headers['idempotency-replayed']
const fieldsOf = (answer: OnceAnswer) => answer.body.error.details.map((detail: { field: string }) => detail.field)

describe('the same request again', () => {
  it('201: same status, bytes and Location, marked as a replay, one effect', async () => {
    const key = newKey()
    const before = await linesNow()
    const first = await post(key, line())
    const again = await post(key, line())
    expect(first.status).toBe(201)
    expect(replayed(first)).toBeUndefined()
    expect([again.status, again.text, again.headers.location, replayed(again)]).toEqual([
      201,
      first.text,
      first.headers.location,
      'true',
    ])
    expect(again.headers['content-type']).toBe(first.headers['content-type'])
    expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
    expect(await linesNow()).toBe(before + 1)
  })

  it('counts JSON by its content: order and spaces do not matter, digits do', async () => {
    const key = newKey()
    const { description, ...rest } = line()
    expect((await post(key, line())).status).toBe(201)
    const turned = JSON.stringify({ description, ...rest }, null, 2)
    expect(replayed(await post(key, turned))).toBe('true')
    expect((await post(key, line({ amount: '12.51' }))).status).toBe(422)
  })

  it('200 of fifty at the same moment: one effect, one body; the others 409 until it is there', async () => {
    const key = newKey()
    const before = await linesNow()
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(key, line())))
    const done = answers.filter((answer) => answer.status === 201)
    const waiting = answers.filter((answer) => answer.status === 409)
    expect(done.length + waiting.length).toBe(50)
    expect(done.filter((answer) => replayed(answer) === undefined)).toHaveLength(1)
    for (const answer of waiting) {
      expect(answer.body.error).toMatchObject({ code: 'resource_conflict', retryable: true })
      expect(answer.headers['retry-after']).toBe('1')
    }
    const later = await Promise.all(waiting.map(() => post(key, line())))
    expect(new Set([...done, ...later].map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1)
    expect(await linesNow()).toBe(before + 1)
  })

  it('PATCH happens once too, and a later state is not overwritten by a late retry', async () => {
    const { body: made } = await post(newKey(), line())
    const key = newKey()
    const patch = (body: object, withKey: string) =>
      once.call(tenant.key, 'PATCH', `/transactions/${made.id}`, { key: withKey, body })
    const first = await patch({ note: 'one' }, key)
    expect([first.status, first.body.note]).toEqual([200, 'one'])
    await patch({ note: 'two' }, newKey())
    const late = await patch({ note: 'one' }, key)
    expect([late.text, replayed(late)]).toEqual([first.text, 'true'])
    const shown = await once.call(tenant.key, 'GET', `/transactions/${made.id}`)
    expect(shown.body.note).toBe('two')
  })

  it('leaves out fields with a new secret, which is in no column either', async () => {
    const key = newKey()
    const body = { name: 'export', permissions: ['invoices:read'] }
    const first = await post(key, body, '/api-keys')
    const again = await post(key, body, '/api-keys')
    const { key: secret, ...rest } = first.body
    expect(secret).toMatch(/^pk_live_/)
    expect([again.status, again.body, replayed(again)]).toEqual([201, rest, 'true'])
    const kept = (await once.row(tenant.id, key))!.sealed_answer!
    expect(kept.includes('pk_live_') || kept.includes('export')).toBe(false)
  })

  it('an upload counts by its bytes, a form without the boundary drawn for each try', async () => {
    const csv = 'Date,Amount,Description\n2025-05-01,10.00,Idempotent\n'
    const path = `/bank-connections/${account.id}/statements`
    const send = (body: Buffer, type: string, key: string) =>
      once.call(tenant.key, 'POST', path, { key, body, headers: { 'content-type': type } })
    const plain = newKey()
    const first = await send(Buffer.from(csv), 'application/octet-stream', plain)
    expect([first.status, first.body.created]).toEqual([201, 1])
    const again = await send(Buffer.from(csv), 'application/octet-stream', plain)
    expect([again.text, replayed(again)]).toEqual([first.text, 'true'])
    expect((await send(Buffer.from(`${csv}\n`), 'application/octet-stream', plain)).status).toBe(422)

    const form = async (text: string, key: string) => {
      const data = new FormData()
      data.set('file', new Blob([text]), 'may.csv')
      const encoded = new Response(data)
      return send(Buffer.from(await encoded.arrayBuffer()), encoded.headers.get('content-type')!, key)
    }
    const formKey = newKey()
    const sent = await form(csv, formKey)
    const resent = await form(csv, formKey)
    expect([resent.status, resent.text, replayed(resent)]).toEqual([201, sent.text, 'true'])
    expect((await form(`${csv}\n`, formKey)).status).toBe(422)
  })

  it('without a key every call stands alone', async () => {
    const before = await linesNow()
    await once.call(tenant.key, 'POST', '/transactions', { body: line() })
    await once.call(tenant.key, 'POST', '/transactions', { body: line() })
    expect(await linesNow()).toBe(before + 2)
  })
})

describe('400: a key that is none', () => {
  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['not printable', 'a\tb'],
    ['not ASCII', 'schlüssel'],
  ])('%s', async (_, key) => {
    const answer = await post(key, line())
    expect([answer.status, fieldsOf(answer)]).toEqual([400, ['Idempotency-Key']])
  })

  it('255 characters are fine', async () => {
    expect((await post('y'.repeat(255), line())).status).toBe(201)
  })
})

describe('422: the key of another request', () => {
  it('another body, path, query, operation or caller', async () => {
    const key = newKey()
    expect((await post(key, line())).status).toBe(201)
    const { body: other } = await once.call(tenant.key, 'POST', '/api-keys', {
      body: { name: 'second', permissions: ['*'] },
    })
    const answers = [
      await post(key, line({ description: 'Invoice 8' })),
      await post(key, line(), '/transactions?colour=green'),
      await post(key, { transactions: [line()] }, '/transactions/batch'),
      await post(key, {}, '/steps/1'),
      await once.call(other.key, 'POST', '/transactions', { key, body: line() }),
    ]
    expect(answers.map((answer) => answer.status)).toEqual([422, 422, 422, 422, 422])
    expect(answers[0]!.body.error).toMatchObject({ code: 'validation_failed', retryable: false })
    const [one, two] = [newKey(), newKey()]
    await post(one, {}, '/steps/1')
    await post(two, {}, '/steps/2')
    expect((await post(one, {}, '/steps/2')).status).toBe(422)
  })

  it('but another tenant has its own keys', async () => {
    const other = await once.tenant()
    const key = newKey()
    const mine = await post(key, {}, '/steps/1')
    const theirs = await once.call(other.key, 'POST', '/steps/2', { key, body: {} })
    expect([mine.status, theirs.status, replayed(theirs)]).toEqual([200, 200, undefined])
    expect(await once.changesOf(other.id)).toBe(2)
  })
})

describe('what is not kept', () => {
  it('refusals before an effect leave the key free: 400, 404, 409, 422', async () => {
    const key = newKey()
    expect((await post(key, line({ colour: 'green' }))).status).toBe(400)
    expect((await post(key, line({ currency: 'GBP' }))).status).toBe(422)
    expect((await post(key, '{"half')).status).toBe(400)
    expect((await post(key, line())).status).toBe(201)
    const taken = newKey()
    await post(newKey(), line({ transaction_id: 'twice' }))
    expect((await post(taken, line({ transaction_id: 'twice' }))).status).toBe(409)
    expect(await once.row(tenant.id, taken)).toBeUndefined()
  })

  it('503 before an effect: the next try does it', async () => {
    const key = newKey()
    once.failNext(new AppError('service_unavailable', 'Not now'))
    expect((await post(key, {}, '/steps/0')).status).toBe(503)
    const again = await post(key, {}, '/steps/0')
    expect([again.status, replayed(again)]).toEqual([201, undefined])
  })
})

describe('the time a key is kept', () => {
  it('71 hours: replayed; 73 hours: a new request; and swept', async () => {
    const key = newKey()
    const first = await post(key, line())
    await once.age(tenant.id, key, 71)
    expect((await post(key, line())).text).toBe(first.text)
    await once.age(tenant.id, key, 2)
    const fresh = await post(key, line({ description: 'Invoice 9' }))
    expect([fresh.status, replayed(fresh)]).toEqual([201, undefined])
    expect(fresh.body.id).not.toBe(first.body.id)
    expect(replayed(await post(key, line({ description: 'Invoice 9' })))).toBe('true')

    const young = newKey()
    await post(young, {}, '/steps/1')
    await once.age(tenant.id, key, 73)
    await once.sweep()
    expect(await once.row(tenant.id, key)).toBeUndefined()
    expect(await once.row(tenant.id, young)).toBeDefined()
  })
})

describe('a try that did not live to answer', () => {
  it('201 is made again from what was created, secrets left out, and replayed from then on', async () => {
    const key = newKey()
    const before = await linesNow()
    const first = await post(key, line())
    await once.loseAnswer(tenant.id, key)
    const again = await post(key, line())
    expect([again.status, again.text, again.headers.location, replayed(again)]).toEqual([
      201,
      first.text,
      first.headers.location,
      'true',
    ])
    expect((await post(key, line())).text).toBe(first.text)
    expect(await linesNow()).toBe(before + 1)

    const secretKey = newKey()
    const body = { name: 'lost', permissions: ['invoices:read'] }
    const made = await post(secretKey, body, '/api-keys')
    await once.loseAnswer(tenant.id, secretKey)
    const rebuilt = await post(secretKey, body, '/api-keys')
    expect([rebuilt.status, rebuilt.body.id, rebuilt.body.key]).toEqual([201, made.body.id, undefined])
  })

  it('200 of a PATCH is what the thing looks like', async () => {
    const { body: made } = await post(newKey(), line())
    const key = newKey()
    const patch = () => once.call(tenant.key, 'PATCH', `/transactions/${made.id}`, { key, body: { note: 'lost' } })
    const first = await patch()
    await once.loseAnswer(tenant.id, key)
    const again = await patch()
    expect([again.status, again.text, replayed(again)]).toEqual([200, first.text, 'true'])
  })

  it('409 names what it concerned where nothing shows the answer', async () => {
    const key = newKey()
    await post(key, {}, '/steps/1')
    const { resource_id } = (await once.row(tenant.id, key))!
    await once.loseAnswer(tenant.id, key)
    const before = await once.changesOf(tenant.id)
    for (let tries = 0; tries < 2; tries++) {
      const again = await post(key, {}, '/steps/1')
      expect([again.status, again.body.error.retryable]).toEqual([409, false])
      expect(again.body.error.message).toContain('was carried out')
      expect(again.body.error.details).toContainEqual({ field: 'step', issue: resource_id })
    }
    expect(await once.changesOf(tenant.id)).toBe(before)
  })

  it('a batch is not done a second time, although its rows carry no ids of their own', async () => {
    const key = newKey()
    const body = { transactions: [line(), line()] }
    const before = await linesNow()
    const first = await post(key, body, '/transactions/batch')
    await once.loseAnswer(tenant.id, key)
    const again = await post(key, body, '/transactions/batch')
    expect([again.status, again.body.error.details[1].issue]).toEqual([409, first.body.results[0].id])
    expect(await linesNow()).toBe(before + 2)
  })

  it('an upload that ended between its changes runs again and adds only what is missing', async () => {
    const key = newKey()
    const csv = 'Date,Amount,Description\n2025-06-01,10.00,Resumed\n'
    const send = () =>
      once.call(tenant.key, 'POST', `/bank-connections/${account.id}/statements`, {
        key,
        body: Buffer.from(csv),
        headers: { 'content-type': 'text/csv' },
      })
    await send()
    await once.loseAnswer(tenant.id, key)
    const before = await linesNow()
    const again = await send()
    expect([again.status, again.body.created, again.body.duplicates]).toEqual([201, 0, 1])
    expect(await linesNow()).toBe(before)
  })

  it('an error after the effect does not lead to a second one', async () => {
    const key = newKey()
    const before = await once.changesOf(tenant.id)
    once.failNext(new AppError('service_unavailable', 'Gone in the last moment'))
    expect((await post(key, {}, '/steps/1')).status).toBe(503)
    expect((await post(key, {}, '/steps/1')).status).toBe(409)
    expect(await once.changesOf(tenant.id)).toBe(before + 1)
  })
})

describe('lease and fence', () => {
  it('409 while it runs, longer waits the longer it runs; its answer stays its own', async () => {
    const key = newKey()
    const gate = once.gateAfter(1)
    const slow = post(key, {}, '/steps/1')
    await gate.reached
    const busy = await post(key, {}, '/steps/1')
    expect([busy.status, busy.headers['retry-after']]).toEqual([409, '1'])
    await once.app.store.read(tenant.id, (tx) =>
      tx.run("update idempotency_keys set created_at = now() - interval '20 seconds' where tenant_id = $1", [
        tx.tenantUuid,
      ]),
    )
    const later = await post(key, {}, '/steps/1')
    expect(Number(later.headers['retry-after'])).toBeGreaterThanOrEqual(20)
    gate.open()
    expect((await slow).status).toBe(200)
    expect((await post(key, {}, '/steps/1')).text).toBe((await slow).text)
  })

  it('a try paused before its effect is undone when another took over', async () => {
    const key = newKey()
    const before = await once.changesOf(tenant.id)
    const gate = once.gateAfter(1)
    const paused = post(key, {}, '/steps/2')
    await gate.reached
    await once.loseLease(tenant.id, key)
    // Its first change stands: the other try may not repeat it, and raises the fence.
    expect((await post(key, {}, '/steps/2')).status).toBe(409)
    gate.open()
    const undone = await paused
    expect([undone.status, undone.headers['retry-after']]).toEqual([409, '1'])
    expect(await once.changesOf(tenant.id)).toBe(before + 1)
  })

  it('a try that changed nothing yet is run by the next; the late one changes nothing', async () => {
    const key = newKey()
    const before = await linesNow()
    // A line's account is locked by nobody here: the pause is a lock on the tenant's audit chain.
    const blocker = await once.app.database.pool.connect()
    try {
      await blocker.query('begin')
      await blocker.query('select 1 from audit_heads where tenant_id = $1 for update', [
        await once.app.store.read(tenant.id, async (tx) => tx.tenantUuid),
      ])
      const paused = post(key, line())
      await expect.poll(() => once.row(tenant.id, key)).toBeDefined()
      await once.loseLease(tenant.id, key)
      const next = post(key, line())
      await expect.poll(async () => (await once.row(tenant.id, key))?.fence).toBe('2')
      await blocker.query('commit')
      const answers = await Promise.all([paused, next])
      expect(answers.map((answer) => answer.status)).toEqual([409, 201])
    } finally {
      blocker.release()
    }
    expect(await linesNow()).toBe(before + 1)
  })
})

describe('the operator', () => {
  it('makes a tenant once, although the change is the new tenant’s', async () => {
    const key = newKey()
    const body = { name: 'Once Hosting', slug: 'once-hosting' }
    const make = () => once.call(OPERATOR_KEY, 'POST', '/tenants', { key, body })
    const first = await make()
    expect(first.status).toBe(201)
    expect((await once.row(OPERATOR_TENANT, key))!).toMatchObject({ changes: 1, resource_id: first.body.id })
    const again = await make()
    expect([again.text, replayed(again)]).toEqual([first.text, 'true'])
    await once.loseAnswer(OPERATOR_TENANT, key)
    const rebuilt = await make()
    expect([rebuilt.status, rebuilt.body.id, rebuilt.headers.location]).toEqual([
      201,
      first.body.id,
      first.headers.location,
    ])
  })

  it('is held by the fence there as well: a tenant made by a late try never was', async () => {
    const key = newKey()
    const body = { name: 'Late Hosting', slug: 'late-hosting' }
    const { store } = once.app
    const { change } = store
    // Between the claim and the change the key goes to another try.
    store.change = async (tenantId, actor, work) => {
      if (tenantId !== OPERATOR_TENANT) {
        store.change = change
        await store.read(OPERATOR_TENANT, (tx) =>
          tx.run('update idempotency_keys set fence = fence + 1 where tenant_id = $1', [tx.tenantUuid]),
        )
      }
      return change(tenantId, actor, work)
    }
    const late = await once.call(OPERATOR_KEY, 'POST', '/tenants', { key, body })
    expect(late.status).toBe(409)
    expect((await once.call(OPERATOR_KEY, 'POST', '/tenants', { body })).status).toBe(201)
  })
})
