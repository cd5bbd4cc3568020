import { describe, expect, it } from 'vitest'
import { readInformation } from './mt940-information.ts'
import { readStatement } from './read-statement.ts'

const read = (...lines: string[]) =>
  readStatement(
    new TextEncoder().encode(
      `:20:X\r\n:25:NL24XBNK0000004711EUR\r\n:28C:1\r\n:60F:C251231EUR10,\r\n${lines.join('\r\n')}\r\n`,
    ),
  )
const entries = (...lines: string[]) => read(...lines).accounts[0]!.entries

describe('MT940', () => {
  it('takes the year of the entry day from the value day, also around New Year', () => {
    expect(
      entries(':61:2512310102C5,NTRFNONREF', ':61:2601021231C5,NTRFNONREF').map((entry) => [
        entry.bookedOn,
        entry.valueOn,
      ]),
    ).toEqual([
      ['2026-01-02', '2025-12-31'],
      ['2025-12-31', '2026-01-02'],
    ])
  })

  it('moves a reversal the other way', () => {
    expect(entries(':61:260102RC5,NTRFNONREF', ':61:260102RD5,NTRFNONREF').map((entry) => entry.direction)).toEqual([
      'debit',
      'credit',
    ])
  })

  it('chains the pages of one statement and rejects a line it cannot read', () => {
    const statement = read(
      ':61:260102C5,NTRFNONREF',
      ':61:rubbish',
      ':62M:C260102EUR15,',
      ':20:X',
      ':25:NL24XBNK0000004711EUR',
      ':28C:1/2',
      ':60M:C260102EUR15,',
      ':61:260103D1,50NTRFNONREF',
      ':62F:C260103EUR13,50',
      '-',
    )
    expect(statement.accounts).toMatchObject([
      { account: 'NL24XBNK0000004711', balanceCheck: 'ok', openingMinor: 1000n, closingMinor: 1350n },
    ])
    expect(statement.rejected).toEqual([{ line: 6, reason: '"rubbish" is not an MT940 entry.' }])
  })

  it.each([
    [
      'German subfields',
      ['166?00GUTSCHRIFT?20EREF+E-17?21SVWZ+Rechnung INV-2024-01?2253 danke?31DE04200411331798407221?32Nord Gm', 'bH'],
      'Rechnung INV-2024-01 53 danke',
      'E-17',
      'Nord GmbH',
      'DE04200411331798407221',
    ],
    [
      'a subfield of full length goes on',
      ['166?00G?20SVWZ+Zahlung Rechnung Nr. I?21NV-7'],
      'Zahlung Rechnung Nr. INV-7',
      '',
      '',
      null,
    ],
    ['Polish subfields', ['020<00PRZELEW<20Faktura 7<27Sever<32Kowalski'], 'Faktura 7 Sever', '', 'Kowalski', null],
    [
      'Dutch codes',
      ['/EREF/NOTPROVIDED//CNTP/NL02INGB0714952549/INGBNL2A/BRAM LINDENHO', 'RST///REMI/USTD//FACTUUR 7/'],
      'FACTUUR 7',
      '',
      'BRAM LINDENHORST',
      'NL02INGB0714952549',
    ],
    [
      'older Dutch codes',
      ['/TRTP/SEPA OVERBOEKING/IBAN/NL02INGB0714952549/BIC/INGBNL2A/NAME/BRAM/REMI/FACTUUR 7/EREF/E-17'],
      'FACTUUR 7',
      'E-17',
      'BRAM',
      'NL02INGB0714952549',
    ],
    ['plain text', ['INVOICE 7', 'THANK YOU'], 'INVOICE 7 THANK YOU', '', '', null],
  ])('reads %s', (_what, lines, description, endToEndId, name, iban) => {
    expect(readInformation(lines)).toMatchObject({ description, endToEndId, counterparty: { name, iban } })
  })

  it('puts the structured reference of a Dutch payment first', () => {
    expect(readInformation(['/EREF/E-17//REMI/STRD/CUR/9001123000000123/'])).toMatchObject({
      creditorReference: '9001123000000123',
      endToEndId: 'E-17',
    })
  })
})
