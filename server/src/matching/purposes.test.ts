import { describe, expect, it } from 'vitest'
import { book, credit, type InvoiceLine } from '../../test/bookkeeping.ts'
import { defaultPolicy, matchAll } from './index.ts'
import { institutionIn, otherPurposeIn } from './purposes.ts'
import { fold } from './text.ts'

describe('money that is for something else', () => {
  it.each([
    'Rückerstattung zu viel bezahlt',
    'Steuerrückzahlung 2025',
    'reimbursed travel',
    'overpayment returned',
    'Teruggaaf OB',
    'zwrot nadpłaty',
    'vrácení přeplatku',
    'Återbetalning',
    'Devolución',
    'Nota di credito 12',
    'CREDIT NOTE 77',
    'virement interne',
    'versamento contanti',
    'Ihre Kundennr. 4711',
    'your account no 12',
    'zu unserer Rechnung 1001',
    'Liquidazione sinistro',
    'office rent',
    'doppelt bezahlt',
  ])('%s', (text) => {
    expect(otherPurposeIn(fold(text))).not.toBeNull()
  })

  it.each([
    'Rechnung 1001',
    'INV 1001 less credit note',
    'facture 1001 hors TVA',
    'facture 1001 avoir déduit',
    'minus creditnota, factuur 7',
    'unsere Kundennummer 4711',
    'your invoice 1001',
    'Ihre Rechnung 1001',
    'hosting',
    'server rent INV 7',
    'INV 7 plus interest',
  ])('%s is not', (text) => {
    expect(otherPurposeIn(fold(text))).toBeNull()
  })

  it.each([
    ['Nordwest Lebensversicherung', true],
    ['HMRC VAT', true],
    ['Agenzia delle Entrate', true],
    ['Stadtkasse Nordheim', false],
    ['Ada Brook', false],
  ])('the payer %s is an institution: %s', (name, expected) => {
    expect(institutionIn(fold(name)) !== null).toBe(expected)
  })
})

describe('a number of ours in a line about other money', () => {
  const invoices: InvoiceLine[] = [['4865', 'Marlow Design Ltd', '30.00 EUR']]
  it.each([
    ["a supplier's refund", 'Erstattung Rechnung 4865', 'Serverhaus Leasing', 'review veto_other_purpose'],
    ["an insurer's case", 'invoice 4865', 'Brightwater Insurance', 'review veto_other_purpose'],
    ["the client's own words", 'invoice 4865 refund of last month deducted', 'Marlow Design Ltd', 'auto'],
    ['somebody pays it', 'invoice 4865', 'Serverhaus Leasing', 'auto'],
  ])('%s', (_story, text, payer, expected) => {
    const verdict = matchAll({
      ...book({ payments: [credit('30.00 EUR', text, payer)], invoices }),
      policy: defaultPolicy,
    })[0]
    expect([verdict?.decision, ...(verdict?.withheld ?? []).map(({ code }) => code)].join(' ')).toBe(expected)
  })
})
