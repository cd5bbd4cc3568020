import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStatement } from './read-statement.ts'
import type { CsvMapping, StatementEntry } from './types.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string, mapping?: CsvMapping) => readStatement(utf8(text), mapping === undefined ? {} : { mapping })
const entries = (text: string): StatementEntry[] => read(text).accounts.flatMap((account) => account.entries)
/** An entry in one word: `2026-03-31 +1234.56`, in minor units. */
const brief = (entry: StatementEntry) =>
  `${entry.bookedOn} ${entry.direction === 'credit' ? '+' : '-'}${entry.amountMinor}`

describe('a CSV of a bank', () => {
  it.each([
    [
      'German, two sides',
      'Buchungstag;Valuta;Auftraggeber/Empfänger;Verwendungszweck;Soll;Haben;Währung\n31.03.2026;31.03.2026;Nord GmbH;RE 1;;1.234,56;EUR\n30.03.2026;30.03.2026;Lenz;Papier;100,00;;EUR\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Dutch, one word for the side',
      '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"\n"20260331","Noord BV","NL34RABO0102009396","NL02INGB0714952549","GT","Bij","107,06","Online","factuur 7"\n"20260330","Lenz","NL34RABO0102009396","","BA","Af","12,00","Pin","papier"\n',
      ['2026-03-31 +10706', '2026-03-30 -1200'],
    ],
    [
      'French, apart by tabs',
      'Date de comptabilisation\tLibellé opération\tMontant (EUR)\n31/03/2026\tVIR Nord\t1 234,56\n30/03/2026\tCB Lenz\t-100,00\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Spanish',
      'F. Operación;Concepto;Importe (EUR);Saldo\n31/03/2026;Factura 7;1.234,56;2.234,56\n30/03/2026;Papel;-100,00;1.000,00\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Italian, avere and dare',
      'Data contabile;Data valuta;Descrizione;Dare;Avere\n31/03/2026;31/03/2026;Fattura 7;;1.234,56\n30/03/2026;30/03/2026;Carta;100,00;\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Polish',
      'Data księgowania;Tytuł;Kontrahent;Kwota operacji;Waluta\n2026-03-31;Faktura 7;Północ;1 234,56;PLN\n2026-03-30;Papier;Lenz;-100,00;PLN\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Swedish',
      'Bokföringsdag;Belopp;Avsändare;Mottagare;Rubrik;Saldo;Valuta\n2026-03-31;1234,56;;;Faktura 7;2234,56;SEK\n2026-03-30;-100,00;;;Papper;1000,00;SEK\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Norwegian, out of and into the account',
      'Dato;Forklaring;Ut fra konto;Inn på konto\n31.03.2026;Faktura 7;;1234,56\n30.03.2026;Papir;100,00;\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Finnish',
      'Kirjauspäivä;Määrä;Saaja/Maksaja;Viesti\n31.3.2026;1234,56;Pohjoinen;Lasku 7\n30.3.2026;-100,00;Lenz;Paperi\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Czech',
      'Datum zaúčtování;Částka;Měna;Název protiúčtu;Zpráva pro příjemce;VS\n31.03.2026;1234,56;CZK;Sever;faktura;7\n30.03.2026;-100,00;CZK;Lenz;papir;\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Portuguese',
      'Data mov.;Descrição;Valor;Saldo\n31-03-2026;Fatura 7;1.234,56;2.234,56\n30-03-2026;Papel;-100,00;1.000,00\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'American, days by name',
      'Transaction Date,Description,Amount\n"Mar 31, 2026",INV 7,"$1,234.56"\n"Mar 30, 2026",Paper,($100.00)\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'Indian, grouped by two, marked behind',
      'Txn Date,Narration,Amount,Balance\n30-Mar-2026,Paper,100.00 DR,"1,00,000.00 CR"\n31-Mar-2026,INV 7,"12,34,567.89 CR","13,34,567.89 CR"\n',
      ['2026-03-30 -10000', '2026-03-31 +123456789'],
    ],
    [
      'Swiss apostrophes',
      "Buchungsdatum;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF\n31.03.2026;Rechnung 7;1'234.56;\n30.03.2026;Papier;;100.00\n",
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    [
      'no header at all',
      '2026-03-31;1234,56;Rechnung 7 Nord GmbH;1134,56\n2026-03-30;-100,00;Papier Lenz;-100,00\n',
      ['2026-03-31 +123456', '2026-03-30 -10000'],
    ],
    ['sep= for a spreadsheet', 'sep=;\nDatum;Betrag;Text\n31.03.2026;1234,56;Rechnung\n', ['2026-03-31 +123456']],
  ])('%s', (_what, text, expected) => {
    expect(entries(text).map(brief)).toEqual(expected)
  })

  it('is read in the encodings of banks', () => {
    const text = 'Buchungstag;Betrag;Verwendungszweck\r\n31.03.2026;5,00;Müller Straße\r\n'
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...[...text].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]),
    ])
    const windows = Uint8Array.from([...text], (letter) => letter.charCodeAt(0))
    for (const bytes of [utf8(text), utf8(`\ufeff${text}`), utf16, utf16.subarray(2), windows]) {
      expect(readStatement(bytes).accounts[0]!.entries[0]!.description).toBe('Müller Straße')
    }
  })

  it('leaves out what is announced or failed, and rejects a bad row by its line', () => {
    const statement = read(
      'Date,Description,Amount,State\n2026-03-31,INV 7,12.00,COMPLETED\n2026-03-31,INV 8,13.00,PENDING\n2026-03-31,INV 9,14.00,REVERTED\n2026-02-30,INV 10,15.00,COMPLETED\n2026-03-31,INV 11,abc,COMPLETED\nTotal,,12.00,\n',
    )
    expect(statement.accounts[0]!.entries.map(brief)).toEqual(['2026-03-31 +1200'])
    expect(statement.rejected).toEqual([
      { line: 5, reason: '"2026-02-30" is not a day.' },
      { line: 6, reason: '"abc" is not an amount.' },
      { line: 7, reason: '"Total" is not a day.' },
    ])
  })

  it('keeps accounts and currencies apart', () => {
    const { accounts } = read(
      'Account,Date,Description,Amount,Currency\nA1,2026-03-31,x,1.00,EUR\nA2,2026-03-31,y,2.00,EUR\nA1,2026-03-31,z,3.00,USD\n',
    )
    expect(accounts.map((account) => [account.account, account.currency, account.entries.length])).toEqual([
      ['A1', 'EUR', 1],
      ['A2', 'EUR', 1],
      ['A1', 'USD', 1],
    ])
  })

  it('checks the running balance upwards, downwards, and where each day runs the other way', () => {
    const check = (rows: string) => read(`Date,Text,Amount,Balance\n${rows}`).accounts[0]!
    expect(check('2026-03-03,c,5.00,115.00\n2026-03-02,b,10.00,110.00\n2026-03-01,a,50.00,100.00\n')).toMatchObject({
      balanceCheck: 'ok',
      openingMinor: 5000n,
      closingMinor: 11500n,
    })
    expect(check('2026-03-02,b,10.00,110.00\n2026-03-02,c,5.00,115.00\n2026-03-01,a,50.00,100.00\n').balanceCheck).toBe(
      'ok',
    )
    expect(check('2026-03-01,a,50.00,100.00\n2026-03-02,b,10.00,\n2026-03-03,c,5.00,115.00\n').balanceCheck).toBe('ok')
    expect(check('2026-03-01,a,50.00,100.00\n').balanceCheck).toBe('unknown')
  })

  it('turns the signs of a card export round when its balances prove it', () => {
    const text =
      'Date,Text,Amount,Balance\n2026-03-01,a,50.00,-50.00\n2026-03-02,b,10.00,-60.00\n2026-03-03,refund,-5.00,-55.00\n'
    expect(entries(text).map(brief)).toEqual(['2026-03-01 -5000', '2026-03-02 -1000', '2026-03-03 +500'])
  })

  it('takes some minus signs of a debit column for money given back', () => {
    const text = 'Date,Text,Debit,Credit\n2026-03-01,a,50.00,\n2026-03-02,given back,-50.00,\n'
    expect(entries(text).map(brief)).toEqual(['2026-03-01 -5000', '2026-03-02 +5000'])
  })
})

describe('a column that can be read in two ways', () => {
  const days = 'Date,Description,Amount\n03/04/2025,a,1.00\n05/06/2025,b,2.00\n'

  it('is refused, and read as the mapping says', () => {
    expect(() => read(days)).toThrow(/"Date" can be read day first or month first, as in "03\/04\/2025"/)
    const mapping = { date: 'Date', amount: 'Amount', description: 'Description' }
    const first = (format: string) => read(days, { ...mapping, date_format: format }).accounts[0]!.entries[0]!.bookedOn
    expect(first('DD/MM/YYYY')).toBe('2025-04-03')
    expect(first('MM/DD/YYYY')).toBe('2025-03-04')
    expect(() => first('whatever')).toThrow('names no order')
  })

  it('is read in the one order under which the days follow rows that the balance proves', () => {
    const text = 'Date,Text,Amount,Balance\n01/02/2025,a,1.00,1.00\n02/02/2025,b,2.00,3.00\n01/03/2025,c,4.00,7.00\n'
    expect(entries(text).map((entry) => entry.bookedOn)).toEqual(['2025-02-01', '2025-02-02', '2025-03-01'])
  })

  it('is refused for decimal signs too, until the mapping or the balance settles them', () => {
    const text = 'Date;Text;Amount\n2025-01-31;a;1.500\n2025-01-31;b;2.250\n'
    expect(() => read(text)).toThrow(/"Amount" can be read with either decimal sign, as in "1.500"/)
    const mapping = { date: 'Date', amount: 'Amount' }
    expect(read(text, { ...mapping, decimal: ',' }).accounts[0]!.entries[0]!.amountMinor).toBe(150000n)
    expect(read(text, { ...mapping, decimal: '.' }).accounts[0]!.entries[0]!.amountMinor).toBe(150n)
    const proven = 'Date;Text;Amount;Balance\n2025-01-31;a;1.500;1500,00\n2025-01-31;b;2.250;3750,00\n'
    expect(entries(proven).map((entry) => entry.amountMinor)).toEqual([150000n, 225000n])
  })

  it('refuses a mapping whose columns are not there', () => {
    expect(() => read(days, { date: 'Day', amount: 'Amount' })).toThrow('the columns of the mapping (Day, Amount)')
    expect(() => read(days, { date: 'Date', amount: 'Amount', description: 'Words', date_format: 'dmy' })).toThrow(
      'The file has no column "Words"',
    )
  })
})

describe('every row that is written is read back', () => {
  const row = fc.record({
    day: fc.integer({ min: 1, max: 28 }),
    amountMinor: fc.bigInt({ min: -99_999_999n, max: 99_999_999n }).filter((amount) => amount !== 0n),
    text: fc.string({ maxLength: 30 }).map((text) => text.replace(/[\s\p{C}]/gu, '').replaceAll('\ufffd', '')),
  })
  const styles = {
    'points and commas': (digits: string) => digits.replace('.', ','),
    plain: (digits: string) => digits,
  }
  it.each(Object.entries(styles))('%s', (_name, write) => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const lines = rows.map(({ day, amountMinor, text }) => {
          const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(3, '0')
          const amount = `${amountMinor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
          return `2026-03-${String(day).padStart(2, '0')};"${text.replaceAll('"', '""')}";${write(amount)}`
        })
        const found = read(`Date;Description;Amount\n${lines.join('\n')}\n`).accounts[0]!.entries
        expect(found.map((entry) => (entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor))).toEqual(
          rows.map((one) => one.amountMinor),
        )
        expect(found.map((entry) => entry.description)).toEqual(rows.map((one) => one.text))
      }),
      { numRuns: 100 },
    )
  })
})
