import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { preferred } from './accept.ts'
import { csvLine } from './csv.ts'

let app: TestApp
let tenant: TestTenant

beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

const csv = async (query = '', accept = 'text/csv') =>
  tenant.call('GET', `/transactions${query}`, undefined, { accept })
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true })

describe('GET /transactions as text/csv', () => {
  it('200: all rows that match, not a page, with amounts in the digits of their currency', async () => {
    const [eur, jpy] = [await makeAccount(app, tenant), await makeAccount(app, tenant, { currency: 'JPY' })]
    const line = (n: number) => ({
      account_id: eur,
      currency: 'EUR',
      amount: n,
      transaction_date: '2025-04-10',
      transaction_id: `n-${n}`,
    })
    for (let from = 1; from <= 2001; from += 1000) {
      const transactions = Array.from({ length: Math.min(1000, 2002 - from) }, (_, index) => line(from + index))
      expect((await tenant.call('POST', '/transactions/batch', { transactions })).status).toBe(200)
    }
    await tenant.call('POST', '/transactions', {
      ...line(1),
      account_id: jpy,
      currency: 'JPY',
      amount: 1200,
      transaction_id: '=HYPERLINK("x")',
      description: '+49 30, "Anna"\nMüller',
      reference: '@sum',
      counterparty: { name: '-1+1' },
    })
    const { status, headers, body } = await csv('?per_page=5&sort=amount')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(headers['content-disposition']).toBe('attachment; filename="transactions.csv"')
    expect(headers.vary).toBe('accept')
    const rows = rowsOf(body)
    expect(rows).toHaveLength(2002)
    expect(new Set(rows.map((row) => row.id)).size).toBe(2002)
    expect(rows[0]).toMatchObject({ transaction_id: 'n-1', amount: '1.00', currency: 'EUR', value_date: '', note: '' })
    expect(rows.find((row) => row.currency === 'JPY')).toMatchObject({
      amount: '1200',
      transaction_id: `'=HYPERLINK("x")`,
      description: `'+49 30, "Anna"\nMüller`,
      reference: "'@sum",
      'counterparty.name': "'-1+1",
    })
    expect(rowsOf((await csv('?currency=JPY')).body)).toHaveLength(1)
    expect((body as string).split('\r\n')[0]).toMatch(/^id,transaction_id,bank_id,/)
  })

  it('200: no rows are a header alone', async () => {
    const { body } = await csv('?q=nothingofthekind')
    expect(body).toMatch(/^id,[^\r\n]+\r\n$/)
  })

  it('200: JSON stays what is answered unless text/csv is preferred', async () => {
    for (const accept of ['*/*', 'application/json', 'text/html, */*;q=0.8', 'text/csv;q=0.5, application/json']) {
      expect((await csv('', accept)).body.data, accept).toHaveLength(10)
    }
    expect((await csv('?per_page=1', 'text/csv;q=0.9, */*;q=0.1')).headers['content-type']).toContain('text/csv')
  })

  it('400, 401: faults are JSON', async () => {
    expect((await csv('?colour=red')).body.error.code).toBe('invalid_request')
    expect((await app.call('wrong', 'GET', '/transactions', undefined, { accept: 'text/csv' })).status).toBe(401)
  })
})

describe('csvLine', () => {
  it.each([
    [['a', 'b c', ''], 'a,b c,'],
    [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"'],
    [['=1+1', '+1', '-1', '@x', '\tx', '\rx'], `'=1+1,'+1,'-1,'@x,'\tx,"'\rx"`],
    [[null, undefined, 12, true, -5], ',,12,true,-5'],
    [['ok-=@', ' =1'], 'ok-=@, =1'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(`${line}\r\n`)
  })
})

describe('preferred', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; q=1', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv, application/json', 'application/json'],
    ['text/csv, application/json;q=0.999', 'text/csv'],
    ['text/csv;q=0, */*', 'application/json'],
    ['application/*;q=0.2, text/csv;header=present;q=0.3', 'text/csv'],
    ['image/png', 'application/json'],
    ['nonsense;;q=x', 'application/json'],
  ])('%s: %s', (accept, type) => {
    expect(preferred(accept, ['application/json', 'text/csv'])).toBe(type)
  })

  it('reads a header of blanks alone in one pass: with the square of its length this would not end', () => {
    expect(preferred(`text/csv${' '.repeat(400_000)}x`, ['application/json', 'text/csv'])).toBe('application/json')
  })
})
