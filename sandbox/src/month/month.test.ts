import { describe, expect, it } from 'vitest'
import { isIban } from './iban.ts'
import { buildMonth } from './month.ts'

const month = buildMonth({ today: '2026-03-31' })
const account = month.bank.accounts[0]!
const cents = (text: string): number => Math.round(Number(text) * 100)

describe('the sandbox month', () => {
  it('is the same for the same day and seed, and another for another seed', () => {
    expect(buildMonth({ today: '2026-03-31' })).toEqual(month)
    expect(buildMonth({ today: '2026-03-31', seed: 7 })).not.toEqual(month)
  })

  it('holds each kind of doubt, and mostly money that is plain', () => {
    const kinds = new Set(month.truth.map((truth) => truth.kind))
    for (const kind of [
      'named',
      'cut_text',
      'name_only',
      'third_party',
      'two_named',
      'two_candidates',
      'twins',
      'part_payment',
      'bank_fee',
      'surplus',
      'double_payment',
      'wrong_number',
      'amount_only',
      'announced',
      'other_currency',
      'mass_payment',
      'booked_by_hand',
      'card_payout',
      'own_transfer',
      'money_out',
    ])
      expect(kinds).toContain(kind)
    const named = month.truth.filter((truth) => truth.kind === 'named').length
    expect(named).toBeGreaterThan(40)
    expect(month.truth.length).toBeGreaterThan(130)
  })

  it('knows every invoice it speaks of, and never pays more than one line means', () => {
    const ids = new Set(month.whmcs.invoices!.map((invoice) => invoice.id))
    for (const truth of month.truth) for (const id of truth.invoiceIds) expect(ids).toContain(id)
    const auto = month.truth.filter((truth) => truth.expected === 'auto').flatMap((truth) => truth.invoiceIds)
    expect(new Set(auto).size).toBe(auto.length)
  })

  it('adds up: the balance is the opening plus every booked line', () => {
    const booked = account.transactions.filter((line) => !line.pending)
    const sum = booked.reduce((total, line) => total + cents(line.amount), 0)
    expect(cents(account.balance!) - sum).toBe(1_845_017)
  })

  it('uses account numbers with right check digits', () => {
    const ibans = [month.company.iban, ...account.transactions.flatMap((line) => line.counterparty?.iban ?? [])]
    expect(ibans.filter((text) => !isIban(text))).toEqual([])
  })

  it('lies within the month, and no line is before its invoice', () => {
    for (const line of account.transactions) {
      const day = line.bookingDate ?? line.valueDate!
      expect(day >= month.from && day <= month.today).toBe(true)
    }
  })
})
