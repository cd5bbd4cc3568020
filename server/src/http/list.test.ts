import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId, uuidOf } from '../base/ids.ts'
import { walkOf, writeCursor } from './list-cursor.ts'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { type SeededList, seededLists } from '../../test/setup/factories-lists.ts'

type Row = Record<string, unknown> & { id: string }

let app: TestApp
let document: {
  paths: Record<string, { get?: { parameters?: { name?: string; $ref?: string; schema: { enum?: string[] } }[] } }>
}

beforeAll(async () => {
  app = await createTestApp()
  document = (await app.call(undefined, 'GET', '/api/openapi.json')).body
})
afterAll(() => app.stop())

/** The sorts that the document names for a list, its ids put back into braces. */
const sortsOf = (path: string): string[] => {
  const documented = `/api/v1${path.replaceAll(/\/(bank|hook)_\w+/g, '/{id}')}`
  return document.paths[documented]!.get!.parameters!.find(({ name }) => name === 'sort')!.schema.enum!
}

describe('a walk by cursor', () => {
  it('400: a cursor that somebody made who knows how', async () => {
    const tenant = await app.tenant()
    const walk = walkOf(
      '(select * from api_keys where revoked_at is null) k',
      [uuidOf(tenant.id)],
      'k.created_at desc',
      {},
    )
    const forged = [
      writeCursor(walk, { value: 'no time', id: uuidOf(tenant.id) }),
      writeCursor(walk, { value: '2026-01-01', id: 'no id' }),
      writeCursor(walk, { value: { no: 'text' } as never, id: uuidOf(tenant.id) }),
      writeCursor(walk, { value: null, id: null as never }),
    ]
    const readable = writeCursor(walk, { value: '2026-01-01', id: uuidOf(tenant.id) })
    expect((await tenant.call('GET', `/api-keys?cursor=${readable}`)).status).toBe(200)
    for (const cursor of forged) {
      const { status, body } = await tenant.call('GET', `/api-keys?cursor=${cursor}`)
      expect([status, body.error.details[0].field], cursor).toEqual([400, 'cursor'])
    }
  })

  const paths = [
    '/transactions',
    '/invoices',
    '/clients',
    '/invoice-matches',
    '/payments',
    '/whmcs-instances',
    '/bank-connections',
    '/bank-accounts',
    '/syncs',
    '/imports',
    '/events',
    '/webhooks',
    '/deliveries',
    '/api-keys',
  ]
  it.each(paths)('200: %s shows every row once, in order, in every sort, while rows are added', async (end) => {
    const tenant = await app.tenant()
    let dice = 1
    // A small generator of our own: fast-check draws the start, so that a failure can be repeated.
    const draw = <T>(choices: readonly T[]): T => choices[(dice = (dice * 48_271) % 2_147_483_647) % choices.length]!
    const list = (await seededLists(app, tenant, draw)).find(({ path }) => path.endsWith(end))!
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2_000_000 }),
        fc.integer({ min: 3, max: 7 }),
        async (start, perPage) => {
          dice = start
          for (let count = 0; count < 9; count++) await list.insert()
          for (const sort of sortsOf(list.path)) await walks(tenant, list, sort, perPage)
        },
      ),
      { numRuns: 1 },
    )
  })

  async function walks(tenant: TestTenant, list: SeededList, sort: string, perPage: number): Promise<void> {
    const before = new Set((await tenant.call('GET', `${list.path}?per_page=100`)).body.data.map((row: Row) => row.id))
    const seen: Row[] = []
    let next: string | null = ''
    for (let page = 0; next !== null; page++) {
      const { status, body }: TestAnswer = await tenant.call(
        'GET',
        `${list.path}?sort=${sort}&per_page=${perPage}${next && `&cursor=${next}`}`,
      )
      expect(status).toBe(200)
      seen.push(...body.data)
      next = body.pagination.next_cursor
      if (page < 2) await list.insert()
    }
    const ids = seen.map((row) => row.id)
    expect(new Set(ids).size, `${list.path} ${sort}: no row twice`).toBe(ids.length)
    expect(ids.filter((id) => before.has(id)).length, `${list.path} ${sort}: no row left out`).toBe(before.size)
    const values = seen.map((row) => row[sort.replace('-', '')] as string | number | null | undefined)
    if (list.path === '/events') return
    const given = values.filter((value) => value !== null && value !== undefined)
    const sorted = [...given].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
    expect(given, `${list.path} ${sort}: in order`).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted)
    expect(values.slice(given.length).every((value) => value === null || value === undefined)).toBe(true)
  }

  it('400: a cursor changed, of another sort, other filters, another list or another tenant', async () => {
    const tenant = await app.tenant()
    const lists = await seededLists(app, tenant, (choices) => choices[0]!)
    for (const list of lists) for (let count = 0; count < 3; count++) await list.insert()
    const { next_cursor: cursor } = (await tenant.call('GET', '/transactions?per_page=2')).body.pagination
    expect((await tenant.call('GET', `/transactions?per_page=3&cursor=${cursor}`)).status).toBe(200)
    expect((await tenant.call('GET', `/transactions?sort=-created_at&cursor=${cursor}`)).status).toBe(200)
    const changed = [...(cursor as string)].map(
      (letter, at) => `${cursor.slice(0, at)}${letter === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`,
    )
    for (const path of [
      ...changed.map((text) => `/transactions?cursor=${text}`),
      `/transactions?cursor=${cursor}A`,
      `/transactions?cursor=${cursor.slice(0, -1)}`,
      `/transactions?sort=created_at&cursor=${cursor}`,
      `/transactions?sort=amount&cursor=${cursor}`,
      `/transactions?direction=credit&cursor=${cursor}`,
      `/transactions?q=marlow&cursor=${cursor}`,
      `/invoices?cursor=${cursor}`,
    ]) {
      const { status, body } = await tenant.call('GET', path)
      expect(status, path).toBe(400)
      expect(body.error.details[0].field).toBe('cursor')
    }
    const other = await app.tenant()
    expect((await other.call('GET', `/transactions?cursor=${cursor}`)).status).toBe(400)
  })
})

describe('pages and totals', () => {
  it('200: exact to 10,000, capped beyond; an empty page behind the end. 400: a page number behind 100,000 rows', async () => {
    const tenant = await app.tenant()
    const lists = await seededLists(app, tenant, (choices) => choices[0]!)
    const { path } = lists.find((list) => list.path.endsWith('/syncs'))!
    const connection = uuidOf(path.split('/')[2]!)
    const add = (from: number, to: number) =>
      app.store.read(tenant.id, (tx) =>
        tx.run(
          `insert into bank_syncs (tenant_id, id, connection_id)
           select $1, gen_random_uuid(), $2 from generate_series($3::int, $4::int)`,
          [tx.tenantUuid, connection, from, to],
        ),
      )
    const page = async (query: string) => (await tenant.call('GET', `${path}?${query}`)).body.pagination
    await add(1, 10_000)
    expect(await page('page=1000')).toMatchObject({
      total_items: 10_000,
      total_pages: 1000,
      total_capped: false,
      next_cursor: null,
    })
    expect((await tenant.call('GET', `${path}?page=1001`)).body).toMatchObject({
      data: [],
      pagination: { total_items: 10_000, current_page: 1001, total_capped: false },
    })
    expect(await page('page=1000000')).toMatchObject({ total_items: 10_000, total_capped: false })
    for (let from = 10_001; from < 100_000; from += 30_000) await add(from, Math.min(from + 29_999, 100_050))
    await add(1, 50)
    expect(await page('page=1')).toMatchObject({ total_items: 10_000, total_pages: 1000, total_capped: true })
    expect((await tenant.call('GET', `${path}?page=1001&per_page=100`)).body.data).toHaveLength(50)
    const deep = await tenant.call('GET', `${path}?page=1002&per_page=100`)
    expect(deep.body.data ?? deep.body.error).toMatchObject({ code: 'invalid_request', details: [{ field: 'page' }] })
  })
})

describe('filters', () => {
  const found = async (tenant: TestTenant, query: string): Promise<unknown[]> => {
    const { status, body } = await tenant.call('GET', `/transactions?per_page=100&sort=transaction_date&${query}`)
    expect(status, JSON.stringify(body)).toBe(200)
    return body.data.map((row: { transaction_id: string }) => row.transaction_id)
  }

  it('200: amounts compare as they are shown, whatever the decimals of their currency', async () => {
    const tenant = await app.tenant()
    const accounts = await Promise.all(['EUR', 'JPY', 'KWD'].map((currency) => makeAccount(app, tenant, { currency })))
    const post = (index: number, currency: string, amount: string, day: number) =>
      tenant.call('POST', '/transactions', {
        account_id: accounts[index],
        currency,
        amount,
        transaction_id: `${currency}${amount}`,
        transaction_date: `2025-04-0${day}T12:00:00Z`,
      })
    await post(0, 'EUR', '10.00', 1)
    await post(0, 'EUR', '10.01', 2)
    await post(1, 'JPY', '10', 3)
    await post(1, 'JPY', '1001', 4)
    await post(2, 'KWD', '10.001', 5)
    expect(await found(tenant, 'amount_min=10.001')).toEqual(['EUR10.01', 'JPY1001', 'KWD10.001'])
    expect(await found(tenant, 'amount_max=10.001')).toEqual(['EUR10.00', 'JPY10', 'KWD10.001'])
    expect(await found(tenant, 'amount_max=10.00099999')).toEqual(['EUR10.00', 'JPY10'])
    expect(await found(tenant, 'amount=10')).toEqual(['EUR10.00', 'JPY10'])
    expect(await found(tenant, 'amount=10.00000001')).toEqual([])
    expect(await found(tenant, 'currency=JPY&amount_min=11')).toEqual(['JPY1001'])
    const sorted = await tenant.call('GET', '/transactions?sort=-amount')
    expect(sorted.body.data.map((row: { amount: number }) => row.amount)).toEqual([1001, 10.01, 10.001, 10, 10])
    // Days mean all of the day, seconds all of the second.
    expect(await found(tenant, 'transaction_date_to=2025-04-02')).toEqual(['EUR10.00', 'EUR10.01'])
    expect(await found(tenant, 'transaction_date_from=2025-04-04&transaction_date_to=2025-04-05T11:59:59Z')).toEqual([
      'JPY1001',
    ])
    expect(await found(tenant, 'transaction_date=2025-04-03')).toEqual(['JPY10'])
    expect(await found(tenant, 'transaction_date_from=0000-01-01&transaction_date_to=9999-12-31')).toHaveLength(5)
    const { created_at: at } = sorted.body.data[0]
    expect(await found(tenant, `created_at=${at}`)).not.toEqual([])
    expect(await found(tenant, `updated_since=${at}`)).not.toEqual([])
    expect(await found(tenant, 'updated_since=2999-01-01')).toEqual([])
    expect(await found(tenant, `account_id=${accounts[1]}`)).toEqual(['JPY10', 'JPY1001'])
    expect(await found(tenant, `account_id=${newId('acc')}`)).toEqual([])
  })

  it('400: every wrong value of a query at once', async () => {
    const tenant = await app.tenant()
    const { status, body } = await tenant.call(
      'GET',
      '/transactions?status=lost&amount_min=1e3&currency=euro&transaction_date_from=yesterday&page=0&sort=colour&colour=red',
    )
    expect(status).toBe(400)
    const fields = body.error.details.map(({ field }: { field: string }) => field).sort()
    expect(fields).toEqual(['amount_min', 'colour', 'currency', 'page', 'sort', 'status', 'transaction_date_from'])
  })
})

describe('every list of the document', () => {
  it('takes pages, cursor, updated_since, and sorts by creation', () => {
    const lists = Object.entries(document.paths).flatMap(([path, { get }]) => {
      const names = get?.parameters?.map(({ name, $ref }) => name ?? $ref?.split('/').at(-1)) ?? []
      return names.includes('Cursor') ? [{ path, names }] : []
    })
    expect(lists.length).toBeGreaterThan(13)
    const lacking = lists.filter(
      ({ names }) => !['Page', 'PerPage', 'sort', 'UpdatedSince'].every((name) => names.includes(name)),
    )
    expect(lacking).toEqual([])
  })
})
