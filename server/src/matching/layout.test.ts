import { describe, expect, it } from 'vitest'
import { readLine } from './layout.ts'

function read(description: string, name = '') {
  const { payers, texts } = readLine({
    id: 't',
    amountMinor: 1n,
    currency: 'EUR',
    direction: 'credit',
    date: '2026-08-14',
    reference: '',
    description,
    counterparty: { name, iban: null },
  })
  return { payers: [...new Set(payers)], texts: [...new Set(texts.map((text) => text.trim()))] }
}

describe('readLine', () => {
  it('takes the subfields of MT940 apart, with whatever sign the bank puts in front of them', () => {
    for (const sign of ['?', '^', '~'])
      expect(
        read(
          `166${sign}00GUTSCHRIFT${sign}20EREF+ZH38-482287${sign}21SVWZ+RE 4711${sign}30BLZ${sign}31DE00${sign}32ADA BROOK`,
        ),
      ).toEqual({ payers: ['ADA BROOK'], texts: ['166', 'RE 4711'] })
  })

  it('takes labels in other languages for what they are', () => {
    expect(read('VIR RECU 5768 DE: ADA BROOK MOTIF: FACT 17')).toEqual({
      payers: ['ADA BROOK'],
      texts: ['VIR RECU 5768', 'FACT 17'],
    })
    expect(read('TILISIIRTO VIESTI: lasku 17').texts).toContain('LASKU 17')
  })

  it('does not take N/REF for a field of the bank', () => {
    expect(read('N/REF FACT 26-0810').texts).toEqual(['N/REF FACT 26-0810'])
  })

  it('takes German purposes apart and joins words that a line break cut', () => {
    expect(read('EREF+NOTPROVIDED SVWZ+ROSEN HARDT-FOTOGRAFIE.AT DOMAIN').texts).toContain(
      'ROSENHARDT-FOTOGRAFIE.AT DOMAIN',
    )
  })

  it.each([
    [
      'Naam: J. Broekkamp Omschrijving: factuur 1957 IBAN: NL79KNAB0846190690 Kenmerk: NOTPROVIDED',
      'J. BROEKKAMP',
      'FACTUUR 1957',
    ],
    ['VIR SEPA RECU /DE LAURENT BOISLET /MOTIF CLIENT 3358 /REF NOTPROVIDED', 'LAURENT BOISLET', 'CLIENT 3358'],
    ['PAYMENT FROM VERO FOLD SARL /ROC/NOTPROVIDED /RFB/WEBSPACE L', 'VERO FOLD SARL', 'WEBSPACE L'],
    [
      'ORIG CO NAME:HARRFIELD & STEV ORIG ID:4761704203 IND ID:1004893 IND NAME:OUR HOSTING LLC',
      'HARRFIELD & STEV',
      '1004893',
    ],
    ['Received money from Kees Boskamp with reference webhosting', 'KEES BOSKAMP', 'WEBHOSTING'],
  ])('%s', (description, payer, text) => {
    const { payers, texts } = read(description)
    expect(payers).toContain(payer)
    expect(texts).toContain(text)
  })

  it('keeps the digits of a layout it does not know', () => {
    expect(read('From: Ada Brook something new 12345').texts.join(' ')).toContain('12345')
  })

  it('takes the one account of a text for the payer where the bank has no field for payers', () => {
    const account = (description: string, name = ''): string | null =>
      readLine({
        id: 't',
        amountMinor: 100n,
        currency: 'EUR',
        direction: 'credit',
        date: '2026-08-14',
        reference: '',
        description,
        counterparty: { name, iban: null },
      }).account
    expect(account('ADA BROOK DE89370400440532013000 hosting')).toBe('DE89370400440532013000')
    expect(account('ADA BROOK DE89 3704 0044 0532 0130 00 hosting')).toBe('DE89370400440532013000')
    expect(account('ADA BROOK DE88370400440532013000 hosting')).toBeNull()
    expect(account('DE89370400440532013000 GB29NWBK60161331926819')).toBeNull()
    expect(account('DE89370400440532013000 hosting', 'Ada Brook')).toBeNull()
  })

  it('reads over the breaks of a bank whose width its other lines tell', () => {
    const read = (widths: number[]): string =>
      readLine(
        {
          id: 't',
          amountMinor: 100n,
          currency: 'EUR',
          direction: 'credit',
          date: '2026-08-14',
          reference: '',
          description: 'Marlow Hosting payment INV -2026-0417',
          counterparty: { name: 'Marlow', iban: null },
        },
        widths,
      ).texts.join(' ')
    expect(read([26])).toContain('INV-2026-0417')
    expect(read([])).not.toContain('INV-2026-0417')
  })

  it('reads amounts printed in another currency', () => {
    const line = readLine({
      id: 't',
      amountMinor: 3_121n,
      currency: 'USD',
      direction: 'credit',
      date: '2026-08-14',
      reference: '',
      description: '/OCMT/EUR29,74/ /RFB/INVOICE',
      counterparty: { name: '', iban: null },
    })
    expect(line.printed).toEqual([{ currency: 'EUR', amountMinor: 2_974n }])
  })
})
