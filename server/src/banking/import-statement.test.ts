import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { linesOf, makeFileConnection, upload, uploadForm } from '../../test/setup/factories-banking.ts'

const IBAN = 'DE89370400440532013000'
const CSV = 'Date,Description,Amount\n2026-03-01,INV 1 Tidewater,100.00\n2026-03-02,Rent,-50.00\n'

/** An end-of-day statement; entries as [day, signed amount, text, reference]. */
function camt(options: {
  iban?: string
  currency?: string
  opening?: string
  closing: string
  entries: [string, string, string, string][]
}): string {
  const { iban = IBAN, currency = 'EUR', opening = '0.00', closing, entries } = options
  const balance = (code: string, amount: string, day: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`
  const lines = entries.map(
    ([day, amount, text, ref]) =>
      `<Ntry><Amt Ccy="${currency}">${amount.replace('-', '')}</Amt><CdtDbtInd>${amount.startsWith('-') ? 'DBIT' : 'CRDT'}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>${ref}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Tidewater</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  )
  return `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>${currency}</Ccy></Acct>${balance('OPBD', opening, entries[0]![0])}${balance('CLBD', closing, entries.at(-1)![0])}${lines.join('')}</Stmt></BkToCstmrStmt></Document>`
}

function form(fields: { file: string; [name: string]: string }): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    form.append(name, name === 'file' ? new File([value], 'statement.csv') : value)
  return form
}

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

describe('201', () => {
  it('records each line once, says so by event, and shows the import again', async () => {
    const { id, accountId } = await makeFileConnection(tenant)
    const first = await upload(app, tenant, id, CSV)
    expect(first).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/imports/${first.body.id}` },
      body: {
        bank_connection_id: id,
        format: 'csv',
        accounts: 1,
        entries: 2,
        created: 2,
        duplicates: 0,
        mapping: { date: 'Date', amount: 'Amount', description: 'Description' },
        rejected: [],
        balance_check: 'unknown',
        balance_difference: null,
      },
    })
    expect((await tenant.call('GET', `/imports/${first.body.id}`)).body).toEqual(first.body)
    const lines = await linesOf(tenant, accountId)
    expect(lines).toMatchObject([
      {
        amount: 100,
        direction: 'credit',
        source: 'file',
        status: 'processed',
        transaction_date: '2026-03-01T00:00:00Z',
      },
      { amount: 50, direction: 'debit' },
    ])
    const again = await upload(app, tenant, id, CSV)
    expect(again).toMatchObject({ status: 201, body: { entries: 2, created: 0, duplicates: 2 } })
    expect(await linesOf(tenant, accountId)).toEqual(lines)
    const jobs = await app.database.pool.query(
      "select count(*)::int as n from pgboss.job where name = 'match-transactions' and data->>'tenantId' = $1",
      [tenant.id],
    )
    expect(jobs.rows[0].n).toBe(1)
  })

  it('keeps two equal lines of one file apart', async () => {
    const { id, accountId } = await makeFileConnection(tenant)
    const twins = 'Date,Description,Amount\n2026-03-01,Parking,-2.30\n2026-03-01,Parking,-2.30\n'
    expect((await upload(app, tenant, id, twins)).body.created).toBe(2)
    expect((await upload(app, tenant, id, twins)).body.created).toBe(0)
    expect(await linesOf(tenant, accountId)).toHaveLength(2)
  })

  it('takes a file that is recorded in several transactions, and knows it again', async () => {
    const { id } = await makeFileConnection(tenant)
    const rows = Array.from({ length: 4_200 }, (_, n) => `2026-03-${10 + (n % 3)},INV ${n},${1 + (n % 50)}.00`)
    const file = `Date,Description,Amount\n${rows.join('\n')}\n`
    expect((await upload(app, tenant, id, file)).body).toMatchObject({ entries: 4_200, created: 4_200, duplicates: 0 })
    expect((await upload(app, tenant, id, file)).body).toMatchObject({ entries: 4_200, created: 0, duplicates: 4_200 })
  })

  it('takes a statement of days without a single line', async () => {
    const { id, accountId } = await makeFileConnection(tenant)
    const quiet = ':20:S\n:25:1\n:28C:1/1\n:60F:C250410EUR1,00\n:62F:C250411EUR1,00\n-'
    const answer = await upload(app, tenant, id, quiet)
    expect([answer.status, answer.body.entries, answer.body.created]).toEqual([201, 0, 0])
    expect(await linesOf(tenant, accountId)).toEqual([])
  })

  it('takes a multipart form with its mapping, and remembers the mapping for the account', async () => {
    const { id } = await makeFileConnection(tenant)
    const ambiguous = (day: string) => `Date,Description,Amount\n${day},Payment,10.00\n`
    expect((await upload(app, tenant, id, ambiguous('03/04/2026'))).status).toBe(422)
    const form = new FormData()
    form.append('file', new File([ambiguous('03/04/2026')], 'april.csv', { type: 'text/csv' }))
    form.append('mapping', '{"date":"Date","amount":"Amount","date_format":"DD/MM/YYYY"}')
    expect((await uploadForm(app, tenant, id, form)).body).toMatchObject({
      created: 1,
      mapping: { date: 'Date', amount: 'Amount', date_format: 'DD/MM/YYYY' },
    })
    const later = await upload(app, tenant, id, ambiguous('05/04/2026'))
    expect(later).toMatchObject({ status: 201, body: { created: 1, mapping: { date_format: 'DD/MM/YYYY' } } })
  })

  it('takes the mapping in the query as well', async () => {
    const { id, accountId } = await makeFileConnection(tenant)
    const mapping = encodeURIComponent('{"date":"Date","amount":"Amount","date_format":"MM/DD/YYYY"}')
    const file = 'Date,Description,Amount\n03/04/2026,Payment,10.00\n'
    expect((await upload(app, tenant, id, file, { query: `?mapping=${mapping}` })).body.created).toBe(1)
    expect((await linesOf(tenant, accountId))[0].transaction_date).toBe('2026-03-04T00:00:00Z')
  })

  it('leaves a remembered mapping aside when the bank changed its export', async () => {
    const { id } = await makeFileConnection(tenant)
    await upload(app, tenant, id, CSV, { query: `?mapping=${encodeURIComponent('{"date":"Date","amount":"Amount"}')}` })
    const other = await upload(
      app,
      tenant,
      id,
      'Booked;Text;Credit;Debit\n2026-04-01;Payment;12,00;\n2026-04-02;Fee;;1,00\n',
    )
    expect(other.body).toMatchObject({ created: 2, mapping: { credit: 'Credit', debit: 'Debit' } })
  })

  it('says how far a file misses its balances, and which lines it could not read', async () => {
    const { id } = await makeFileConnection(tenant, { iban: IBAN })
    const gap = await upload(
      app,
      tenant,
      id,
      camt({ closing: '90.50', entries: [['2026-03-01', '100.00', 'INV 9', 'R900001']] }),
    )
    expect(gap.body).toMatchObject({ created: 1, balance_check: 'gap', balance_difference: -9.5 })
    const broken = await upload(app, tenant, id, `${CSV}2026-03-03,Broken,n/a\n`)
    expect(broken.body).toMatchObject({ created: 2, rejected: [{ line: 4 }] })
  })

  it('shows the bank reference as transaction_id and the payer by name', async () => {
    const { id, accountId } = await makeFileConnection(tenant, { iban: IBAN })
    await upload(app, tenant, id, camt({ closing: '100.00', entries: [['2026-03-01', '100.00', 'INV 9', 'R900001']] }))
    expect(await linesOf(tenant, accountId)).toMatchObject([
      { transaction_id: 'R900001', description: 'INV 9', counterparty: { name: 'Tidewater' } },
    ])
  })

  it('notices a line that a later file of the same days no longer holds', async () => {
    const { id } = await makeFileConnection(tenant, { iban: IBAN })
    const [a, b, c]: [string, string, string, string][] = [
      ['2026-05-01', '10.00', 'INV 1', 'M000001'],
      ['2026-05-02', '20.00', 'INV 2', 'M000002'],
      ['2026-05-03', '30.00', 'INV 3', 'M000003'],
    ]
    await upload(app, tenant, id, camt({ closing: '60.00', entries: [a!, b!, c!] }))
    const open = () =>
      app.database.pool
        .query<{ n: number }>("select count(*)::int as n from alerts where code = 'missing_at_bank'")
        .then((result) => result.rows[0]!.n)
    const before = await open()
    const second = await upload(app, tenant, id, camt({ closing: '40.00', entries: [a!, c!] }))
    expect(second.body).toMatchObject({ created: 0, balance_check: 'ok' })
    expect(await open()).toBe(before + 1)
  })
})

describe('400', () => {
  it.each([
    ['nothing', () => new FormData(), 'file'],
    ['a field that is not known', () => form({ file: CSV, account: 'x' }), 'account'],
    ['a mapping that is not JSON', () => form({ file: CSV, mapping: '{' }), 'mapping'],
    ['a mapping without a day', () => form({ file: CSV, mapping: '{"amount":"Amount"}' }), 'mapping.date'],
    [
      'a mapping of unknown fields',
      () => form({ file: CSV, mapping: '{"date":"Date","amount":"A","x":"y"}' }),
      'mapping.x',
    ],
    ['a mapping without money', () => form({ file: CSV, mapping: '{"date":"Date"}' }), 'mapping'],
  ])('refuses %s', async (_what, make, field) => {
    const { id } = await makeFileConnection(tenant)
    const answer = await uploadForm(app, tenant, id, make())
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } })
    expect(answer.body.error.details.map((fault: { field: string }) => fault.field)).toEqual([field])
  })

  it('refuses an empty body, a form that is none, and parameters it does not know', async () => {
    const { id } = await makeFileConnection(tenant)
    expect((await upload(app, tenant, id, '')).status).toBe(400)
    expect((await upload(app, tenant, id, 'x', { contentType: 'multipart/form-data; boundary=y' })).status).toBe(400)
    expect((await upload(app, tenant, id, CSV, { query: '?overwrite=1' })).status).toBe(400)
  })
})

describe('403 and 404', () => {
  it('needs bank_connections:write, and read to look', async () => {
    const { id } = await makeFileConnection(tenant)
    const reader = await app.tenant({ permissions: ['bank_connections:read'] })
    expect((await upload(app, reader, id, CSV)).status).toBe(403)
    const writer = await app.tenant({ permissions: ['bank_connections:write'] })
    expect((await writer.call('GET', '/imports/imp_01jrfzq4v8m2k9d7t5x3w1c0ab')).status).toBe(403)
  })

  it("answers the same for another tenant's connection or import as for one that never was", async () => {
    const { id } = await makeFileConnection(tenant)
    const mine = (await upload(app, tenant, id, CSV)).body
    const stranger = await app.tenant()
    const without = (answer: TestAnswer) => ({
      status: answer.status,
      ...answer.body.error,
      request_id: '',
    })
    expect(without(await upload(app, stranger, id, CSV))).toEqual(
      without(await upload(app, stranger, 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab', CSV)),
    )
    expect(without(await stranger.call('GET', `/imports/${mine.id}`))).toEqual(
      without(await stranger.call('GET', '/imports/imp_01jrfzq4v8m2k9d7t5x3w1c0ab')),
    )
    expect((await stranger.call('GET', `/imports/${mine.id}`)).status).toBe(404)
    expect((await tenant.call('GET', `/imports/${id}`)).status).toBe(404)
  })
})

describe('409', () => {
  it('takes nothing into a revoked connection', async () => {
    const { id } = await makeFileConnection(tenant)
    await tenant.call('DELETE', `/bank-connections/${id}`)
    expect((await upload(app, tenant, id, CSV)).status).toBe(409)
  })
})

describe('422', () => {
  it('names the account of the file and ours when they differ', async () => {
    const { id, accountId } = await makeFileConnection(tenant, { iban: IBAN })
    const other = await upload(
      app,
      tenant,
      id,
      camt({ iban: 'GB82WEST12345698765432', closing: '100.00', entries: [['2026-03-01', '100.00', 'INV 9', 'R9']] }),
    )
    expect(other.status).toBe(422)
    expect(other.body.error.message).toContain('GB82WEST12345698765432')
    expect(other.body.error.message).toContain('"Business account" (…3000, EUR)')
    expect(await linesOf(tenant, accountId)).toEqual([])
  })

  it('takes money of one currency only', async () => {
    const { id } = await makeFileConnection(tenant)
    const answer = await upload(app, tenant, id, 'Date,Description,Amount,Currency\n2026-03-01,Payment,10.00,USD\n')
    expect(answer.status).toBe(422)
    expect(answer.body.error.message).toContain('USD')
  })

  it.each([
    ['an empty statement', '   '],
    ['a photograph', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])],
    ['broken XML', '<?xml version="1.0"?><Document><BkToCstmrStmt>'],
    ['prose', 'Dear customer, your statement is attached.'],
  ])('refuses %s', async (_what, file) => {
    const { id } = await makeFileConnection(tenant)
    expect(await upload(app, tenant, id, file)).toMatchObject({
      status: 422,
      body: { error: { code: 'validation_failed' } },
    })
  })
})

const CASES = join(process.env.PAYYMO_DATA ?? join(import.meta.dirname, '../../../../shared/data'), 'cases')

describe.skipIf(!existsSync(CASES))('public cases (skipped where PAYYMO_DATA has none)', () => {
  const names = existsSync(CASES) ? readdirSync(CASES) : []
  const cases = names
    .filter((name) => existsSync(join(CASES, name, 'case.json')))
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(CASES, name, 'case.json'), 'utf8')) }))
    .filter((one) => one.kind === 'dedup')

  it('has some', () => expect(cases.length).toBeGreaterThan(0))

  it.each(cases)('$id $title', async (one) => {
    const owner = await app.tenant()
    const connections = new Map<string, { id: string; accountId: string }>()
    for (const [at, step] of (one.steps as { file: string; account?: string }[]).entries()) {
      const account = step.account ?? 'only'
      const connection = connections.get(account) ?? (await makeFileConnection(owner, { currency: one.currency }))
      connections.set(account, connection)
      const answer = await upload(app, owner, connection.id, readFileSync(join(CASES, one.name, step.file)))
      expect(answer.status, JSON.stringify(answer.body)).toBe(201)
      const count = (await owner.call('GET', '/transactions')).body.pagination.total_items
      expect([one.expect.after[at]].flat(), `after ${step.file}`).toContain(count)
    }
    const { rows } = await app.store.read(owner.id, async (tx) => ({
      rows: await tx.many<{ direction: string; sum: string }>(
        'select direction, sum(amount_minor)::text as sum from transactions where tenant_id = $1 group by direction',
        [tx.tenantUuid],
      ),
    }))
    const sums = Object.fromEntries(rows.map((row) => [row.direction, row.sum]))
    const minor = (text: string) => String(BigInt(text.replace('.', '')) * (text.includes('.') ? 1n : 100n))
    if (one.expect.credits !== undefined) expect(sums.credit ?? '0').toBe(minor(one.expect.credits))
    if (one.expect.debits !== undefined) expect(sums.debit ?? '0').toBe(minor(one.expect.debits))
  })
})
