import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reconcile } from './reconcile.ts'

/** What bad files get (contract 5): each line that cannot be used is named on standard error, and the rest is decided. */
describe('payymo reconcile on bad input', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'payymo-bad-input-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const collector = () => {
    let text = ''
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        text += chunk
        done()
      },
    })
    return { stream, text: () => text }
  }
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  interface Decided {
    decided: string[]
    said: string[]
    reasons: string[][]
  }
  /** `t:auto:1001` for each verdict, and what was said on standard error, files by their short names. */
  const run = async (bank: string | Uint8Array, invoices: string | Uint8Array, history?: string): Promise<Decided> => {
    const out = collector()
    const notes = collector()
    await reconcile(
      {
        transactions: file('T', bank),
        invoices: file('I', invoices),
        ...(history === undefined ? {} : { history: file('H', history) }),
        format: 'jsonl',
        scorer: 'calibrated',
      },
      out.stream,
      notes.stream,
    )
    const verdicts = out
      .text()
      .split('\n')
      .filter((line) => line !== '')
      .map(
        (line) =>
          JSON.parse(line) as {
            transaction_id: string
            decision: string
            allocations: { invoice_id: string }[]
            reasons: { code: string }[]
          },
      )
    return {
      decided: verdicts.map(
        ({ transaction_id, decision, allocations }) =>
          `${transaction_id}:${decision}:${allocations.map((one) => one.invoice_id).join('+')}`,
      ),
      said: notes.text().replaceAll(`${folder}/`, '').trimEnd().split('\n').slice(0, -1),
      reasons: verdicts.map(({ reasons }) => reasons.map(({ code }) => code)),
    }
  }

  const line = (id: string, more: Record<string, unknown> = {}): string =>
    `${JSON.stringify({
      id,
      amount: '49.00',
      currency: 'EUR',
      direction: 'credit',
      date: '2026-08-14',
      reference: '',
      description: 'INV-1001',
      counterparty: { name: 'Nordlicht Reisen GmbH', iban: null },
      ...more,
    })}\n`
  const invoice = (id: string, more: Record<string, unknown> = {}): string =>
    `${JSON.stringify({
      id,
      number: `INV-${id}`,
      total: '49.00',
      balance: '49.00',
      currency: 'EUR',
      date: '2026-08-01',
      due_date: '2026-08-15',
      status: 'Unpaid',
      client: { id: `c${id}`, name: 'Nordlicht Reisen GmbH', company: '', email: '' },
      items: [{ description: 'Web hosting' }],
      ...more,
    })}\n`
  const good = line('t')
  const book = invoice('1001')
  const paid = ['t:auto:1001']

  it.each([
    ['1.234,56', 'not a number'],
    ['1,234.56', 'not a number'],
    ['12,50', 'not a number'],
    ['1e3', 'not a number'],
    ['NaN', 'not a number'],
    ['49.001', 'too many decimals'],
    ['99999999999999', 'too large'],
  ])('names a bank line and an invoice of %s', async (amount, why) => {
    const { decided, said } = await run(line('x', { amount }) + good, invoice('2', { total: amount }) + book)
    expect(decided).toEqual(paid)
    expect(said).toEqual([
      `T: line 1: "amount" is "${amount}", which is no amount in EUR (${why}).`,
      `I: line 1: "total" is "${amount}", which is no amount in EUR (${why}).`,
    ])
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no id', { id: null }, '"id" is missing.'],
    ['an id of more digits than a number keeps', { id: 12345678901234567000 }, 'write it in quotation marks'],
    ['no amount', { amount: null }, '"amount" is missing.'],
    ['a negative amount', { amount: '-5' }, '"amount" is not above zero'],
    ['no currency', { currency: '' }, '"currency" is missing.'],
    ['an unknown currency', { currency: 'ZZZ' }, '"currency" is "ZZZ", which is no currency.'],
    ['half a yen', { currency: 'JPY', amount: '49.5' }, 'no amount in JPY (too many decimals)'],
    ['a quarter of a fils', { currency: 'KWD', amount: '49.0005' }, 'no amount in KWD (too many decimals)'],
    ['no day', { date: '0000-00-00' }, '"date" is missing.'],
    ['a day that does not exist', { date: '2026-02-30' }, '"date" is "2026-02-30", which is no day'],
    ['a payer who is a list', { counterparty: [] }, '"counterparty" is not a JSON object.'],
    ['a text that is an object', { description: { a: [1] } }, '"description" is not a text.'],
    [
      'a text of ten million characters',
      { description: 'x'.repeat(10_000_000) },
      '"description" has 10000000 characters',
    ],
  ])('names a bank line with %s', async (_what, more, why) => {
    const { decided, said } = await run(good + line('x', more) + line('z', { description: 'Danke' }), book)
    expect(decided).toEqual([...paid, 'z:none:'])
    expect(said).toEqual([expect.stringContaining(why)])
    expect(said[0]).toMatch(/^T: line 2: /)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no id', { id: '' }, '"id" is missing.'],
    ['an unknown currency', { currency: 'EURO' }, '"currency" is "EURO", which is no currency.'],
    ['a day that does not exist', { date: '2026-02-30' }, 'which is no day'],
    ['a client who is a text', { client: 'Ada' }, '"client" is not a JSON object.'],
    ['items that are none', { items: [null] }, '"items" is not a JSON object.'],
    ['an unknown status', { status: 'Weird' }, '"status" is "Weird"'],
    ['no name of its client', { client: { id: '7' } }, 'The client of invoice "2" has no name'],
    [
      'a number that another bears',
      { number: 'INV-1001', status: 'Paid' },
      'has the number "INV-1001", which an earlier one',
    ],
  ])('names an invoice with %s', async (_what, more, why) => {
    const { decided, said } = await run(line('t', { description: 'Rechnung 1001' }), book + invoice('2', more))
    expect(decided).toHaveLength(1)
    expect(said).toEqual([expect.stringContaining(why)])
    expect(said[0]).toMatch(/^I: line 2: /)
  })

  it('asks where two open invoices bear the number that a line names', async () => {
    const { decided } = await run(good, book + invoice('1002', { number: 'INV-1001' }))
    expect(decided).toEqual(['t:review:1001'])
  })

  it('names past decisions that cannot be used or that teach nothing', async () => {
    const past = (more: Record<string, unknown>) =>
      `${JSON.stringify({ transaction: JSON.parse(good) as unknown, invoice_ids: ['1001'], accepted: true, ...more })}\n`
    const { decided, said } = await run(
      good,
      book,
      past({}) +
        past({ invoice_ids: ['nope'] }) +
        past({ invoice_ids: null }) +
        past({ accepted: undefined }) +
        past({ transaction: null }) +
        'x\n',
    )
    expect(decided).toEqual(paid)
    expect(said).toEqual([
      'H: line 3: "invoice_ids" is not a list.',
      'H: line 4: "accepted" is neither true nor false.',
      'H: line 5: "transaction" is not a JSON object.',
      'H: line 6: The line is not valid JSON.',
      'H: line 2: "invoice_ids" names "nope", which is no invoice of the book; nothing is learned from it.',
    ])
  })

  const utf16 = (text: string, bigEndian: boolean, mark: boolean): Uint8Array => {
    const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
    return bigEndian ? bytes.swap16() : bytes
  }
  it.each<[string, (text: string) => string | Uint8Array]>([
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['a byte order mark in the middle', (text) => `\n\ufeff${text}`],
    ['Windows line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['line ends of old', (text) => text.replaceAll('\n', '\r')],
    ['UTF-16', (text) => utf16(text, false, true)],
    ['UTF-16, the other way round', (text) => utf16(text, true, true)],
    ['UTF-16 without mark', (text) => utf16(text, false, false)],
    ['Latin-1', (text) => Buffer.from(text, 'latin1')],
    ['no line end at the end', (text) => text.trimEnd()],
    ['a list', (text) => `[\n${text.trimEnd().replaceAll('\n', ',\n')}\n]`],
  ])('reads %s', async (_what, written) => {
    const bank =
      line('t', { description: 'Danke', counterparty: { name: 'Müller Söhne' } }) +
      line('u', { amount: '1.00', description: 'Danke', counterparty: { name: 'Qqq' } })
    const client = { id: 'c', name: 'Müller Söhne', company: '', email: '' }
    expect(
      await run(written(bank), written(invoice('1001', { client }) + invoice('9', { total: '7.00', balance: '7.00' }))),
    ).toMatchObject({
      decided: ['t:auto:1001', 'u:none:'],
      said: [],
    })
  })

  it.each<[string, string, string[]]>([
    ['a broken first line', `{"id":\n${book}`, ['I: line 1: The line is not valid JSON.']],
    ['a broken last line', `${book}${invoice('2').slice(0, 40)}`, ['I: line 2: The line is not valid JSON.']],
    ['NUL bytes', `\0\0{"id"\n${book}`, ['I: line 1: The line is not valid JSON.']],
    [
      'values that are no objects',
      `{}\nnull\n5\n${book}`,
      [
        'I: line 1: "id" is missing.',
        'I: line 2: The line is not a JSON object.',
        'I: line 3: The line is not a JSON object.',
      ],
    ],
    [
      'a list that breaks off',
      `[\n${book.trimEnd()},\n\n${invoice('2').slice(0, 40)}`,
      ['I: line 4: The list is broken off or broken here; nothing behind it was read.'],
    ],
    ['a list with a broken row', `[\n{"id": nonsense},\n${book}]`, ['I: line 2: What begins here is not valid JSON.']],
    ['depth', `${book}${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}\n`, ['I: line 2: "id" is missing.']],
  ])('reads invoices around %s', async (_what, invoices, said) => {
    expect(await run(good, invoices)).toMatchObject({ decided: paid, said })
  })

  it('names the rows of a WHMCS answer by their lines, and what stands in place of rows', async () => {
    const row = {
      userid: 1,
      duedate: '2026-08-15',
      total: '49.00',
      currencycode: 'EUR',
      status: 'Unpaid',
      companyname: 'Nordlicht Reisen GmbH',
    }
    const answer = {
      result: 'success',
      invoices: {
        invoice: [
          { ...row, id: 1001, invoicenum: 'INV-1001' },
          { ...row, id: 2, total: '1,234.56' },
          null,
          { ...row, id: null },
        ],
      },
    }
    const { decided, said } = await run(good, JSON.stringify(answer, null, 1))
    expect(decided).toEqual(paid)
    expect(said).toEqual([
      'I: line 15: Row 2 of the answer: "total" is "1,234.56", which is no amount in EUR (not a number).',
      'I: line 24: Row 3 of the answer: The row is not a JSON object.',
      'I: line 25: Row 4 of the answer: "id" is missing.',
    ])
    const several = `${JSON.stringify(answer.invoices)}\n{"invoices":"x"}\n{"result":"error","message":"Authentication Failed"}\n${book}`
    expect((await run(good, several.replace('{"invoice":', '{"invoices":'))).said).toEqual([
      'I: line 1: Row 2 of the answer: "total" is "1,234.56", which is no amount in EUR (not a number).',
      'I: line 1: Row 3 of the answer: The row is not a JSON object.',
      'I: line 1: Row 4 of the answer: "id" is missing.',
      'I: line 2: "invoices" holds no list of invoices.',
      'I: line 3: WHMCS answered with an error: Authentication Failed',
      'I: line 4: The invoice "1001" occurs a second time with other values; the first one counts.',
    ])
  })

  it('names every line, however many there are', async () => {
    const { said } = await run(good + 'nonsense\n'.repeat(1_000), book)
    expect(said).toHaveLength(201)
    expect(said.at(-1)).toBe('T: and 800 further lines that could not be used: 202-1001.')
  })

  it('goes on behind a line that is too long to be read', async () => {
    const long = Buffer.alloc(33 * 1024 * 1024, 'x')
    const { decided, said } = await run(Buffer.concat([Buffer.from(good), long, Buffer.from(`\n${line('u')}`)]), book)
    expect(decided).toEqual([...paid, 'u:none:'])
    expect(said).toEqual(['T: line 2: The line is longer than 32 MiB.'])
  })

  it('gives no other currency the amount of an unknown one', async () => {
    const table =
      'Date,Description,Name,Amount,Currency\n2026-08-14,INV-1001,Nordlicht Reisen GmbH,49.00,EUR\n2026-08-14,INV-1001,X,49.00,ZZZ\n'
    expect((await run(table, book)).said).toEqual(['T: line 3: "ZZZ" is no currency.'])
  })

  it('takes nothing for nothing', async () => {
    expect((await run('', book)).decided).toEqual([])
    expect((await run(good, ' \n\n')).decided).toEqual(['t:none:'])
    await expect(run(good, good)).rejects.toThrow(/I: no invoice of the file could be used/)
  })

  it('names a folder, and a path that cannot be', async () => {
    mkdirSync(join(folder, 'folder'), { recursive: true })
    const invoices = file('ok', book)
    const attempt = (transactions: string) =>
      reconcile(
        { transactions, invoices, format: 'jsonl', scorer: 'calibrated' },
        collector().stream,
        collector().stream,
      )
    await expect(attempt(join(folder, 'folder'))).rejects.toThrow(/folder: it is a folder/)
    await expect(attempt(join(invoices, 'below'))).rejects.toThrow(/below: it cannot be read \(ENOTDIR\)/)
  })

  it.each([200, 2_000])('says that not all of %i equal invoices of a client were weighed', async (count) => {
    const client = { id: 'c', name: 'Nordlicht Reisen GmbH', company: '', email: '' }
    const invoices = Array.from({ length: count }, (_, at) => invoice(String(5_000 + at), { client })).join('')
    const bank = Array.from({ length: 20 }, (_, at) => line(`t${at}`, { description: 'Danke' })).join('')
    const { decided, reasons } = await run(bank + line('named', { description: 'INV-5007' }), invoices)
    expect(decided.slice(-2)).toEqual(['t19:review:5000', 'named:auto:5007'])
    for (const codes of reasons.slice(0, -1)) expect(codes).toContain('equal_invoices_not_all_weighed')
  })

  it('leaves more than 200 lines for one invoice to a person', async () => {
    const bank = Array.from({ length: 201 }, (_, at) => line(`t${at}`)).join('')
    const { decided, reasons } = await run(bank, book)
    expect(decided.filter((one) => one.includes('auto'))).toEqual([])
    for (const codes of reasons) expect(codes).toContain('contested')
  })

  it('says that 200 strangers owe what a line brings, and that 40 bear the name of its payer', async () => {
    const of = (count: number, name: (at: number) => string, amount: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => {
        const client = { id: `k${at}`, name: name(at), company: '', email: '' }
        return invoice(String(5_000 + at), { client, total: amount(at), balance: amount(at) })
      }).join('')
    const bank = line('t', { description: 'Danke', counterparty: { name: 'Anna Berg' } })
    const strangers = await run(
      bank,
      of(
        200,
        (at) => `Person${at} Foo`,
        () => '49.00',
      ),
    )
    expect([strangers.decided, strangers.reasons]).toEqual([['t:none:'], [['amount_too_common']]])
    const namesakes = await run(
      bank,
      of(
        40,
        () => 'Anna Berg',
        (at) => `${20 + at}.00`,
      ),
    )
    expect(namesakes.decided[0]).not.toContain('auto')
    expect(namesakes.reasons[0]).toContain('clients_not_all_weighed')
  })

  it('says that not every sum was tried', async () => {
    const client = { id: 'c', name: 'Nordlicht Reisen GmbH', company: '', email: '' }
    const invoices = Array.from({ length: 201 }, (_, at) => {
      const amount = `${100 + at * 7}.13`
      return invoice(String(5_000 + at), { client, total: amount, balance: amount })
    }).join('')
    const { decided, reasons } = await run(line('t', { description: 'Danke', amount: '221.39' }), invoices)
    expect([decided, reasons]).toEqual([['t:none:'], [['sums_not_searched']]])
  })
})
