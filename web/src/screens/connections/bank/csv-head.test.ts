import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStatement, proposeMapping, readHead, readText } from './csv-head.ts'

const AMBIGUOUS =
  'Date;Payee;Details;Amount\n03/04/2025;Northbyte;"Invoice 12; thanks";1,234.50\n05/06/2025;Hale Ltd;INV-7;-20.00\n'

describe('readHead', () => {
  it('finds delimiter, columns and rows, also of cells in quotation marks', () => {
    expect(readHead(AMBIGUOUS)).toEqual({
      delimiter: ';',
      columns: ['Date', 'Payee', 'Details', 'Amount'],
      rows: [
        ['03/04/2025', 'Northbyte', 'Invoice 12; thanks', '1,234.50'],
        ['05/06/2025', 'Hale Ltd', 'INV-7', '-20.00'],
      ],
    })
  })
  it('passes over lines above the table', () => {
    const text = `Account;DE02\n\nTag,Wer,Betrag\n${'01.02.2025,Hale,"5,00"\n'.repeat(3)}`
    expect(readHead(text)?.columns).toEqual(['Tag', 'Wer', 'Betrag'])
  })
  it('names the columns of a table without names as the server does', () => {
    expect(readHead('2025-01-02,Hale,5.00\n2025-01-03,Hale,6.00\n')).toMatchObject({
      columns: ['column 1', 'column 2', 'column 3'],
      rows: [{ 0: '2025-01-02' }, { 0: '2025-01-03' }],
    })
  })
  it.each(['%PDF-1.7;a;b\n1;2;3', '<?xml version="1.0"?>\n<a;b>\n<c;d>', '', 'one line', ':20:STMT;1\n:25:X;2'])(
    'is no table: %j',
    (text) => {
      expect(readHead(text)).toBeUndefined()
    },
  )
  it('takes any text without failing, and columns fit the rows', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(';', ',', '"', '\n', 'a', '1', '.', '\t'), maxLength: 80 }),
        (text) => {
          const head = readHead(text)
          for (const row of head?.rows ?? []) expect(row).toHaveLength(head!.columns.length)
        },
      ),
    )
  })
})

describe('isStatement', () => {
  it.each([
    ['<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">', true],
    [':20:STMT', true],
    ['OFXHEADER:100', true],
    ['%PDF-1.7', false],
    ['<html><body>', false],
    [AMBIGUOUS, false],
  ])('%j: %s', (text, known) => {
    expect(isStatement(text)).toBe(known)
  })
})

describe('proposeMapping', () => {
  it('proposes by cells and names', () => {
    expect(proposeMapping(readHead(AMBIGUOUS)!)).toEqual({
      date: 'Date',
      amount: 'Amount',
      description: 'Details',
      counterparty_name: 'Payee',
      delimiter: ';',
    })
  })
  it('sees two columns of money', () => {
    const head = readHead('Day,Text,Paid in,Paid out\n1/2/2025,x,5.00,\n2/2/2025,y,,6.00\n')!
    expect(proposeMapping(head)).toMatchObject({ credit: 'Paid in', debit: 'Paid out' })
    expect(proposeMapping(head)).not.toHaveProperty('amount')
  })
  it('is not led astray by a stray row', () => {
    const text = AMBIGUOUS + 'n/a;x;y;z\n'
    expect(proposeMapping(readHead(text)!)).toMatchObject({ date: 'Date', amount: 'Amount' })
  })
  it('goes by the cells where the names say nothing', () => {
    expect(proposeMapping(readHead('a;b;c\n01.02.2025;x;5,00\n02.02.2025;y;6,00\n')!)).toMatchObject({
      date: 'a',
      amount: 'c',
    })
  })
})

describe('readText', () => {
  it('reads UTF-8, UTF-16 and what Windows writes', async () => {
    expect(await readText(new Blob(['Straße']))).toBe('Straße')
    expect(await readText(new Blob([new Uint8Array([0xff, 0xfe, 0x41, 0x00])]))).toContain('A')
    expect(await readText(new Blob([new Uint8Array([0x53, 0x74, 0x72, 0x61, 0xdf, 0x65])]))).toBe('Straße')
  })
})
