import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../server/test/setup/app.ts'
import { Payymo, PayymoError } from '../src/index.ts'
import { listeningApp } from './setup.ts'

let app: TestApp & { url: string }
let payymo: Payymo

beforeAll(async () => {
  app = await listeningApp()
  const { key } = await app.tenant()
  payymo = new Payymo({ apiKey: key, baseUrl: app.url })
})
afterAll(() => app.stop())

const accountOf = async (currency: string): Promise<string> => {
  const connection = await payymo.bankConnections.create({
    provider: 'file',
    name: `Bank in ${currency}`,
    account: { name: 'Account', currency },
  })
  return connection.accounts[0]!.id
}

describe('against the real program', () => {
  it('the greatest amounts survive the way there and back', async () => {
    const account_id = await accountOf('KWD')
    const amount = '9999999999999.999'
    const made = await payymo.transactions.create({
      account_id,
      amount,
      currency: 'KWD',
      transaction_date: '2025-04-10',
    })
    expect(made.amount).toBe(amount)
    expect((await payymo.transactions.get(made.id)).amount).toBe(amount)
    const changed = await payymo.transactions.update(made.id, { note: 'The whole treasure' })
    expect(changed).toMatchObject({ amount, note: 'The whole treasure' })
  })

  it('listAll gives every row once, in order, over pages', async () => {
    const account_id = await accountOf('EUR')
    const made: string[] = []
    for (let day = 1; day <= 7; day++) {
      const { id } = await payymo.transactions.create({
        account_id,
        amount: day,
        currency: 'EUR',
        transaction_date: `2025-04-0${day}`,
      })
      made.push(id)
    }
    const walk = async (query: object) => {
      const seen: string[] = []
      for await (const one of payymo.transactions.listAll({ account_id, ...query })) seen.push(one.id)
      return seen
    }
    expect(await walk({ per_page: 3, sort: 'transaction_date' })).toEqual(made)
    expect(await walk({})).toEqual([...made].reverse())
    expect(await walk({ per_page: 3, page: 2, sort: 'transaction_date' })).toEqual(made.slice(3))
    const first: string[] = []
    for await (const one of payymo.transactions.listAll({ account_id, per_page: 1 })) {
      first.push(one.id)
      break
    }
    expect(first).toEqual([made[6]])
  })

  it('withResponse gives what came around the data', async () => {
    const answer = await payymo.webhooks.create({ url: 'https://example.com/hook', events: ['*'] }).withResponse()
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`/api/v1/webhooks/${answer.data.id}`)
    expect(answer.requestId).toMatch(/^req_/)
    expect(await payymo.webhooks.delete(answer.data.id)).toBeUndefined()
  })

  it('a file is sent as it is', async () => {
    const connection = await payymo.bankConnections.create({
      provider: 'file',
      name: 'By file',
      account: { name: 'Account', currency: 'GBP' },
    })
    const csv = 'Date,Amount,Description\n2025-04-10,1250.00,Invoice payment INV-2025-001\n'
    const made = await payymo.bankConnections.importStatement(connection.id, csv)
    expect(made).toMatchObject({ entries: 1, created: 1 })
    expect((await payymo.imports.get(made.id)).id).toBe(made.id)
  })

  it('errors carry code, status, details and the request id', async () => {
    const error = await payymo.transactions
      .create({ account_id: 'acc_nothing', amount: 0, currency: 'EUR', transaction_date: '2025-04-10' })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PayymoError)
    expect(error).toMatchObject({ code: 'invalid_request', status: 400, retryable: false })
    expect((error as PayymoError).details.map(({ field }) => field)).toContain('account_id')
    expect((error as PayymoError).requestId).toMatch(/^req_/)
    const strange = new Payymo({ apiKey: 'pk_live_nothing', baseUrl: app.url })
    await expect(strange.transactions.list()).rejects.toMatchObject({ code: 'authentication_required', status: 401 })
  })

  it('request reaches what has no method', async () => {
    const page = await payymo.request<{ data: unknown[] }>({
      method: 'GET',
      path: '/event-types',
      query: { per_page: 2 },
    })
    expect(page.data).toHaveLength(2)
  })
})
