import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OutputFormat } from './verdict-output.ts'
import { reconcile } from './reconcile.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const collector = () => {
  const chunks: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => chunks.join('') }
}

describe('payymo reconcile', () => {
  let folder = ''
  const file = (name: string, content: string): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const run = async (transactions: string, invoices: string, format: OutputFormat = 'jsonl', history?: string) => {
    const out = collector()
    const notes = collector()
    const options = { transactions, invoices, format, scorer: 'calibrated' as const, ...(history ? { history } : {}) }
    await reconcile(options, out.stream, notes.stream)
    return { out: out.text(), notes: notes.text() }
  }

  const line = (id: string, amount: string, description: string, more = '') =>
    `{"id":"${id}","amount":${amount},"currency":"EUR","direction":"credit","date":"2026-08-14","reference":"","description":"${description}","counterparty":{"name":"Nordlicht Reisen GmbH","iban":null}${more}}\n`
  const invoice = (id: string, amount: string, name = 'Nordlicht Reisen GmbH') =>
    `{"id":"${id}","number":"INV-${id}","total":${amount},"balance":${amount},"currency":"EUR","date":"2026-08-01","due_date":"2026-08-15","status":"Unpaid","client":{"id":"c${id}","name":"${name}","company":"${name}","email":"billing@${id}.example"},"items":[{"description":"Web hosting"}]}\n`

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'payymo-reconcile-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('decides line by line in the order of the input and sums up on the side', async () => {
    const bank = file(
      't.jsonl',
      line('b', '49.00', 'INV-1001') + line('a', '17.00', 'Danke', ',"note":"unknown fields do no harm"'),
    )
    const { out, notes } = await run(
      bank,
      file('i.jsonl', invoice('1001', '49.00') + invoice('1002', '62.50', 'Atelier Roux')),
    )
    const verdicts = out.trimEnd().split('\n')
    expect(verdicts.map((verdict) => JSON.parse(verdict) as unknown)).toMatchObject([
      { transaction_id: 'b', decision: 'auto', allocations: [{ invoice_id: '1001' }] },
      { transaction_id: 'a', decision: 'none', confidence: null, allocations: [] },
    ])
    expect(verdicts[0]).toContain('"allocations":[{"invoice_id":"1001","amount":49.00}]')
    expect(notes).toBe('2 bank lines: 1 sure (49.00 EUR), 0 to be looked at, 1 without an invoice.\n')
  })

  it('keeps amounts that no float can hold', async () => {
    const amount = '9007199254740.93'
    const { out } = await run(
      file('large-t.jsonl', line('t', amount, 'INV-77')),
      file('large-i.jsonl', invoice('77', amount)),
    )
    expect(out).toContain(`"amount":${amount}}`)
  })

  it('names the rows that cannot be used and goes on with the rest', async () => {
    const bank = file(
      'faulty.jsonl',
      `${line('', '5.00', 'no id')}${line('x', '5.001', 'three decimals')}not json\n\n${line('y', '-5.00', 'negative')}${line('z', '49.00', 'INV-1001')}${line('z', '49.00', 'again')}`,
    )
    const { out, notes } = await run(
      bank,
      file('i2.jsonl', `${invoice('1001', '49.00')}{"id":"1002","currency":"EUR"}\n`),
    )
    expect(out.trimEnd().split('\n')).toHaveLength(1)
    expect(notes.split('\n')).toEqual([
      `${bank}: line 1: "id" is missing.`,
      `${bank}: line 2: "amount" is "5.001", which is no amount in EUR (too many decimals).`,
      `${bank}: line 3: The line is not valid JSON.`,
      `${bank}: line 5: "amount" is not above zero; "direction" says which way the money went.`,
      `${bank}: line 7: The id "z" occurs a second time.`,
      `${join(folder, 'i2.jsonl')}: line 2: "total" and "balance" are missing.`,
      '1 bank line: 1 sure (49.00 EUR), 0 to be looked at, 0 without an invoice. 6 rows of the files could not be used, see above.',
      '',
    ])
  })

  it('gives the same bytes every time, and the same decisions from CSV as from JSON lines', async () => {
    const csv = file(
      'bank.csv',
      'Date,Description,Name,Amount,Currency\n2026-08-14,INV-1001,Nordlicht Reisen GmbH,49.00,EUR\n2026-08-14,Papier,Lenz,-12.00,EUR\n',
    )
    const table = file(
      'invoices.csv',
      'Invoice ID;Invoice Number;Client ID;Client Name;Due Date;Total;Balance;Currency;Status\n1001;INV-1001;c1001;Nordlicht Reisen GmbH;15.08.2026;1.049,00;49,00;EUR;Unpaid\n',
    )
    const first = await run(csv, table)
    expect(await run(csv, table)).toEqual(first)
    expect(first.out.split('\n').map((row) => /"decision":"(\w+)"/.exec(row)?.[1])).toEqual(['auto', 'none', undefined])
    expect(first.out).toContain('{"transaction_id":"line-2"')
  })

  it('prints a list, a spreadsheet that runs nothing, and a table', async () => {
    const bank = file('f.jsonl', line('=1+1', '49.00', 'INV-1001'))
    const invoices = file('fi.jsonl', invoice('1001', '49.00'))
    expect(JSON.parse((await run(bank, invoices, 'json')).out)).toHaveLength(1)
    expect((await run(bank, invoices, 'csv')).out.split('\n')[1]).toMatch(/^'=1\+1,2026-08-14,49\.00,EUR,credit,auto,/)
    expect((await run(bank, invoices, 'table')).out).toContain('INV-1001')
    expect(JSON.parse((await run(file('empty.jsonl', ''), invoices, 'json')).out)).toEqual([])
  })

  it.each([
    [
      'missing columns',
      'Number,Client\n1,Ada\n',
      /line 1 names no column for currency, total \(or balance\)\. Its columns: Number, Client\./,
    ],
    ['JSON that is broken', '{"invoices":\n', /begins like JSON but is not valid/],
    ['no table at all', 'hello\n', /none of its first lines names the columns of invoices/],
  ])('refuses invoices with %s, naming the file', async (_what, content, reason) => {
    const bank = file('ok.jsonl', line('t', '5.00', ''))
    const invoices = file('bad-invoices', content)
    await expect(run(bank, invoices)).rejects.toThrow(reason)
    await expect(run(bank, invoices)).rejects.toThrow(invoices)
  })

  it('asks for the currency where neither the statement nor the invoices settle it', async () => {
    const csv = file('nocurrency.csv', 'Date,Description,Amount\n2026-08-14,INV-1001,49.00\n')
    const one = invoice('1001', '49.00')
    const two = file('two.jsonl', one + invoice('1002', '5.00').replace('"EUR"', '"USD"'))
    await expect(run(csv, two)).rejects.toThrow(/does not name its currency. Say it with --currency/)
    expect((await run(csv, file('one.jsonl', one))).out).toContain('"amount":49.00')
  })

  it('0, 1 and 2 are its exit statuses', () => {
    const payymo = (...args: string[]) => spawnSync('./payymo', ['reconcile', ...args], { cwd: root, encoding: 'utf8' })
    const bank = file('cli-t.jsonl', line('t', '49.00', 'INV-1001'))
    const invoices = file('cli-i.jsonl', invoice('1001', '49.00'))
    const good = payymo('--transactions', bank, '--invoices', invoices, '--format', 'jsonl')
    expect([good.status, JSON.parse(good.stdout)]).toMatchObject([0, { transaction_id: 't', decision: 'auto' }])
    const absent = payymo('--transactions', bank, '--invoices', join(folder, 'absent'))
    expect([absent.status, absent.stdout, absent.stderr]).toEqual([
      1,
      '',
      `${join(folder, 'absent')}: there is no such file.\n`,
    ])
    expect(payymo('--transactions', bank).status).toBe(2)
  })
})
