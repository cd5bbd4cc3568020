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
