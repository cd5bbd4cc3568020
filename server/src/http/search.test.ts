import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { wordsOf } from './list-catalogue.ts'

let app: TestApp
let tenant: TestTenant

const LINES: Record<string, { description?: string; reference?: string; name?: string }> = {
  a: { description: 'Zahlung Müller & Söhne, Straße 5', reference: 'INV-2025-001' },
  b: { description: 'Przelew z Łodzi', name: 'Firma Łódź Sp. z o.o.' },
  c: { description: 'inv/2025/002 thank you', name: 'MULLER HOSTING' },
  d: { reference: 'RF18539007547034', name: 'Ørsted Æther Œuvre' },
  e: { description: 'ΕΛΛΆΣ, Ёлка; naïve_x 50% off' },
}

beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  const account_id = await makeAccount(app, tenant, { name: 'Tagesgeldkonto' })
  for (const [id, { name, ...texts }] of Object.entries(LINES)) {
    const body = {
      account_id,
      currency: 'EUR',
      amount: 5,
      transaction_date: '2025-04-10',
      transaction_id: `line-${id}`,
    }
    await tenant.call('POST', '/transactions', { ...body, ...texts, ...(name ? { counterparty: { name } } : {}) })
  }
})
afterAll(() => app.stop())

describe('q', () => {
  it.each([
    // what is typed, the lines it finds
    ['muller', 'ac'],
    ['MÜLLER', 'ac'],
    ['mull host', 'c'],
    ['lodz', 'b'],
    ['łódź', 'b'],
    ['lodzi', 'b'],
    ['strasse', 'a'],
    ['STRASSE', 'a'],
    ['straße 5', 'a'],
    ['inv 20', 'ac'],
    ['001 inv', 'a'],
    ['inv-2025-002', 'c'],
    ['2025_002', 'c'],
    ['nv', ''],
    ['uller', ''],
    ['inv 003', ''],
    ['orsted', 'd'],
    ['aether oeuvre', 'd'],
    ['rf18', 'd'],
    ['ελλας', 'e'],
    ['елка', 'e'],
    ['naive x', 'e'],
    ['50', 'e'],
    ['tagesgeld', 'abcde'],
    ['test bank muller', 'ac'],
    ['line lodz', 'b'],
    ['inv inv inv', 'ac'],
    ['%', ''],
    ["' or 1=1 --", ''],
    ['  ', 'abcde'],
  ])('200: "%s" finds %s', async (text, expected) => {
    const { status, body } = await tenant.call(
      'GET',
      `/transactions?q=${encodeURIComponent(text)}&sort=transaction_date`,
    )
    expect(status).toBe(200)
    const found = body.data.map((row: { transaction_id: string }) => row.transaction_id.slice(-1)).sort()
    expect(found.join('')).toBe(expected)
    expect(body.pagination.total_items).toBe(expected.length)
  })

  it('200: goes with filters, sorts, pages and cursors', async () => {
    const first = await tenant.call('GET', '/transactions?q=tages&sort=-amount&per_page=2&direction=credit')
    expect(first.body.pagination).toMatchObject({ total_items: 5, total_pages: 3 })
    const ids = first.body.data.map((row: { id: string }) => row.id)
    const second = await tenant.call('GET', '/transactions?q=tages&sort=-amount&per_page=2&direction=credit&page=2')
    ids.push(...second.body.data.map((row: { id: string }) => row.id))
    const third = await tenant.call(
      'GET',
      `/transactions?q=tages&sort=-amount&per_page=2&direction=credit&cursor=${second.body.pagination.next_cursor}`,
    )
    ids.push(...third.body.data.map((row: { id: string }) => row.id))
    expect(new Set(ids).size).toBe(5)
  })

  it('400: more than 200 characters', async () => {
    expect((await tenant.call('GET', `/transactions?q=${'x'.repeat(201)}`)).status).toBe(400)
  })

  it('catalogues fold words as the database does', async () => {
    const texts = [...Object.values(LINES).flatMap(Object.values), 'ﬁne Ångström İstanbul ẞ ŒUVRE ½ x² 日本語 Đakovo']
    for (const text of texts as string[]) {
      const { rows } = await app.database.pool.query<{ words: string }>('select search_words($1) as words', [text])
      expect(wordsOf(text)).toEqual(rows[0]!.words.split(' ').filter(Boolean))
    }
  })
})
