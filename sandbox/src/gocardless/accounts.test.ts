import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { FaultRequest } from './index.ts'
import { BANK, booked, type Client, SEED, startWith } from './test-client.ts'

const open: Client[] = []
const start = async (...options: Parameters<typeof startWith>): Promise<Client> => {
  const client = await startWith(...options)
  open.push(client)
  return client
}
afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
})

async function connected(...options: Parameters<typeof startWith>) {
  const client = await start(...options)
  const { id, accounts } = await client.connect()
  return { client, requisition: id, account: accounts[0]! }
}

describe('the transactions window', () => {
  it('takes either date, newest first, without paging, and keeps twins', async () => {
    const { client, account } = await connected()
    const all = await booked(client, account)
    expect(all.map((one) => one['bookingDate'])).toEqual(['2026-11-15', '2026-11-10', '2026-11-10', '2026-11-02'])
    const twins = all.filter((one) => one['bookingDate'] === '2026-11-10')
    expect(new Set(twins.map((one) => one['internalTransactionId'])).size).toBe(2)
    const byValueDay = await booked(client, account, '?date_from=2026-11-03&date_to=2026-11-03')
    expect(byValueDay.map((one) => one['bookingDate'])).toEqual(['2026-11-02'])
  })

  it('clips the start to the permitted history without a word', async () => {
    const client = await start()
    const agreement = await client.api('POST', '/agreements/enduser/', {
      institution_id: BANK,
      max_historical_days: 365,
    })
    const { accounts } = await client.connect(BANK, { agreement: agreement.body['id'] })
    expect((await booked(client, accounts[0]!, '?date_from=2020-01-01')).length).toBe(5)
    // The newest agreement of an account is the one that counts.
    const narrow = await client.connect()
    expect((await booked(client, narrow.accounts[0]!, '?date_from=2020-01-01')).length).toBe(4)
  })

  it('refuses inverted, future and malformed days', async () => {
    const { client, account } = await connected()
    const ask = async (query: string) => (await client.api('GET', `/accounts/${account}/transactions/?${query}`)).body
    expect(await ask('date_from=2026-11-10&date_to=2026-11-09')).toMatchObject({ summary: 'Incorrect date range' })
    expect(await ask('date_to=2026-11-21')).toMatchObject({ date_to: { summary: "Date can't be in future" } })
    expect(await ask('date_from=2026-02-30')).toMatchObject({ date_from: { summary: 'Incorrect date format' } })
    expect(client.control.account('main').ids[0]!.readsToday['transactions']).toBe(0)
  })

  it('shows announced money as pending, without an internal id, and books it on its day', async () => {
    const { client, account } = await connected()
    const before = (await client.api('GET', `/accounts/${account}/transactions/`)).body as {
      transactions: { pending: Record<string, unknown>[] }
    }
    expect(before.transactions.pending).toHaveLength(1)
    expect(before.transactions.pending[0]).not.toHaveProperty('internalTransactionId')
    expect(before.transactions.pending[0]).not.toHaveProperty('bookingDate')
    client.control.setClock({ now: '2026-11-22T08:00:00Z' })
    await client.logIn()
    expect((await booked(client, account))[0]!['bookingDate']).toBe('2026-11-22')
  })
})

describe('quota', () => {
  it('is four successful reads a rolling day, each scope on its own, in both spellings of the headers', async () => {
    const { client, account } = await connected({ switches: { rateHeaders: 'both' } })
    const read = (scope: string) => client.api('GET', `/accounts/${account}/${scope}/`)
    client.control.addFault({ kind: '503', endpoint: 'accounts/balances' })
    expect((await read('balances')).status).toBe(503)
    for (const left of ['3', '2', '1', '0']) {
      const { headers, status } = await read('balances')
      expect(status).toBe(200)
      expect(headers.get('http_x_ratelimit_account_success_remaining')).toBe(left)
      expect(headers.get('x-ratelimit-account-success-remaining')).toBe(left)
      client.control.setClock({ advanceMs: 60_000 })
    }
    const over = await read('balances')
    expect(over.status).toBe(429)
    expect(over.body).toMatchObject({
      summary: 'Rate limit exceeded',
      detail: expect.stringContaining('in 86160 seconds'),
    })
    expect((await read('details')).status).toBe(200)
    expect((await client.api('GET', `/accounts/${account}/`)).status).toBe(200)
    client.control.setClock({ advanceMs: 86_160_000 })
    await client.logIn()
    expect((await read('balances')).status).toBe(200)
  })

  it("also comes as the bank's own limit", async () => {
    const client = await start()
    client.control.setHabits(BANK, { bankReadsPerDay: 1 })
    const { accounts } = await client.connect()
    expect((await client.api('GET', `/accounts/${accounts[0]!}/balances/`)).status).toBe(200)
    const over = await client.api('GET', `/accounts/${accounts[0]!}/balances/`)
    expect([over.status, over.body['type']]).toEqual([429, 'RateLimitError'])
  })

  it('limits all account reads together to a hundred a minute', async () => {
    const { client, account } = await connected()
    for (let n = 0; n < 100; n += 1) await client.api('GET', `/accounts/${account}/`)
    expect((await client.api('GET', `/accounts/${account}/`)).status).toBe(429)
  })
})

describe('the life of an account', () => {
  it('is processing for a while after an immediate redirect', async () => {
    const client = await start()
    const { accounts } = await client.connect(BANK, { redirect_immediate: true })
    expect((await client.api('GET', `/accounts/${accounts[0]!}/`)).body['status']).toBe('PROCESSING')
    const early = await client.api('GET', `/accounts/${accounts[0]!}/details/`)
    expect([early.status, early.body['summary']]).toEqual([409, 'AccountProcessing'])
    client.control.setClock({ advanceMs: 30_000 })
    expect((await client.api('GET', `/accounts/${accounts[0]!}/details/`)).status).toBe(200)
  })

  it('is suspended after ten counted failures, until it is linked again', async () => {
    const { client, account } = await connected()
    const read = () => client.api('GET', `/accounts/${account}/balances/`)
    client.control.addFault({ kind: '500', endpoint: 'accounts', times: 10 })
    for (let n = 0; n < 10; n += 1) expect((await read()).body['type']).toBe('UnknownRequestError')
    expect([(await read()).status, (await read()).body['summary']]).toEqual([409, 'Account suspended'])
    expect((await client.api('GET', `/accounts/${account}/`)).body['status']).toBe('SUSPENDED')
    await client.connect()
    expect((await read()).status).toBe(200)
  })

  it('does not count a bank that is merely away', async () => {
    const { client, account } = await connected()
    client.control.addFault({ kind: 'error', row: 'service_error', endpoint: 'accounts', times: 12 })
    for (let n = 0; n < 12; n += 1) await client.api('GET', `/accounts/${account}/balances/`)
    expect((await client.api('GET', `/accounts/${account}/balances/`)).status).toBe(200)
  })

  it('ends with its agreement, with a revocation, and with the requisition', async () => {
    const { client, account, requisition } = await connected()
    client.control.setAccount('main', { revoked: true })
    const revoked = await client.api('GET', `/accounts/${account}/balances/`)
    expect([revoked.status, revoked.body['type']]).toEqual([401, 'AccessExpiredError'])
    client.control.setAccount('main', { revoked: false })
    client.control.setClock({ advanceMs: 90 * 86_400_000 })
    await client.logIn()
    const expired = await client.api('GET', `/accounts/${account}/balances/`)
    expect(expired.status).toBe(401)
    expect(expired.body['summary']).toMatch(/^End User Agreement \(EUA\) .* has expired$/)
    expect((await client.api('GET', `/requisitions/${requisition}/`)).body['status']).toBe('EX')
    await client.api('DELETE', `/requisitions/${requisition}/`)
    const gone = await client.api('GET', `/accounts/${account}/balances/`)
    expect([gone.status, gone.body['summary']]).toEqual([403, 'No valid End User Agreement'])
  })

  it('keeps to the scopes that were granted', async () => {
    const client = await start()
    const agreement = await client.api('POST', '/agreements/enduser/', {
      institution_id: BANK,
      access_scope: ['transactions'],
    })
    const { accounts } = await client.connect(BANK, { agreement: agreement.body['id'] })
    expect((await client.api('GET', `/accounts/${accounts[0]!}/transactions/`)).status).toBe(200)
    expect((await client.api('GET', `/accounts/${accounts[0]!}/balances/`)).status).toBe(403)
  })

  it('keeps its id at a reconnect, and gets new ones for everything when the bank reissues', async () => {
    const { client, account } = await connected()
    const before = await booked(client, account)
    expect((await client.connect()).accounts[0]).toBe(account)
    client.control.reissueIds('main')
    const lost = await client.api('GET', `/accounts/${account}/transactions/`)
    expect([lost.status, lost.body['type']]).toEqual([401, 'AccessExpiredError'])
    const { accounts } = await client.connect()
    expect(accounts[0]).not.toBe(account)
    const after = await booked(client, accounts[0]!)
    expect(after.length).toBe(before.length)
    for (const id of ['transactionId', 'internalTransactionId']) {
      const old = new Set(before.map((one) => one[id]))
      expect(after.some((one) => old.has(one[id]))).toBe(false)
    }
    expect(after.map((one) => one['transactionAmount'])).toEqual(before.map((one) => one['transactionAmount']))
  })

  it('survives a restart with its state file', async () => {
    const stateFile = join(tmpdir(), `gocardless-${process.pid}-${Math.random().toString(36).slice(2)}.json`)
    try {
      const { client, account } = await connected({ stateFile })
      const before = await booked(client, account)
      await client.close()
      open.pop()
      const again = await start({ stateFile, seed: { ...SEED, accounts: [] } })
      expect(await booked(again, account)).toEqual(before)
      expect(again.control.account('main').ids[0]!.readsToday['transactions']).toBe(2)
    } finally {
      rmSync(stateFile, { force: true })
    }
  })
})

describe('faults', () => {
  it.each<[FaultRequest, number, object]>([
    [
      { kind: 'error', row: 'account_inactive', shape: 1 },
      401,
      { summary: "Couldn't update account details", type: 'AccountInactiveError' },
    ],
    [
      { kind: 'error', row: 'scope_error', shape: 2 },
      403,
      { detail: { summary: 'End User Agreement (EUA) access scope error' } },
    ],
    [{ kind: 'error', row: 'no_agreement', shape: 3 }, 403, { detail: [{ summary: 'No valid End User Agreement' }] }],
    [{ kind: 'error', row: 'rate_limited', shape: 4 }, 429, { detail: [expect.stringContaining('4/day')] }],
    [{ kind: 'error', row: 'unknown_request', shape: 5 }, 500, { summary: ["Couldn't update account details"] }],
    [{ kind: 'error', row: 'account_processing', shape: 6 }, 409, { status: 'ERROR', aspsp_identifier: BANK }],
  ])('%j', async (fault, status, body) => {
    const { client, account } = await connected()
    client.control.addFault({ ...fault, endpoint: 'accounts/details' })
    const refused = await client.api('GET', `/accounts/${account}/details/`)
    expect(refused.status).toBe(status)
    expect(refused.body).toMatchObject(body)
    expect((await client.api('GET', `/accounts/${account}/details/`)).status).toBe(200)
  })

  it('cuts before or after the work, half-way through the body, or answers as a proxy', async () => {
    const { client, account } = await connected()
    const read = () => client.api('GET', `/accounts/${account}/balances/`)
    const used = () => client.control.account('main').ids[0]!.readsToday['balances']
    client.control.addFault({ kind: 'drop', endpoint: 'accounts/balances' })
    await expect(read()).rejects.toThrow()
    expect(used()).toBe(0)
    client.control.addFault({ kind: 'drop_after', endpoint: 'accounts/balances', account: 'main' })
    await expect(read()).rejects.toThrow()
    expect(used()).toBe(1)
    client.control.addFault({ kind: 'cut_body', endpoint: 'accounts/balances' })
    await expect(read()).rejects.toThrow()
    client.control.addFault({ kind: 'html', endpoint: 'accounts/balances' })
    expect((await read()).text).toContain('502 Bad Gateway')
    client.control.addFault({ kind: 'empty', endpoint: 'accounts/balances' })
    expect([(await read()).status, (await read()).status]).toEqual([500, 200])
    client.control.addFault({ kind: 'slow', delayMs: 1 })
    client.control.addFault({ kind: 'slow_body', delayMs: 1 })
    expect([(await read()).status, (await read()).status]).toEqual([200, 429])
  })
})
