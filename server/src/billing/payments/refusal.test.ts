import { describe, expect, it } from 'vitest'
import type { BilledStatus } from '../billing-system.ts'
import { closedFault, invoiceFault, nextStep, sentence } from './refusal.ts'

const intent = { invoiceNumber: 'INV-1050', amountMinor: 12_000n, surplusMinor: 0n, currency: 'EUR' }
const over = { ...intent, amountMinor: 15_000n, surplusMinor: 3_000n }

interface Shown {
  status?: BilledStatus
  balanceMinor?: bigint
}

/** What WHMCS shows, and what a person reads: what is wrong, and what to do next. */
const ROWS: [name: string, shown: Shown | undefined, code: string, wrong: RegExp, next: RegExp][] = [
  ['no such invoice', undefined, 'invoice_missing', /no invoice INV-1050 any more/, /Look there for its successor/],
  ['Paid', { status: 'paid', balanceMinor: 0n }, 'already_paid', /already Paid/, /recognises it .* another invoice/],
  ['Draft', { status: 'draft' }, 'not_payable', /is a Draft/, /Publish it there, then approve the match again/],
  ['Cancelled', { status: 'cancelled' }, 'not_payable', /is Cancelled/, /Set it to Unpaid there .* approve/],
  ['Refunded', { status: 'refunded' }, 'not_payable', /is Refunded/, /make a new invoice there/],
  ['Collections', { status: 'collections' }, 'not_payable', /in Collections/, /Ask whoever collects .* approve/],
  [
    'Payment Pending',
    { status: 'payment_pending' },
    'not_payable',
    /Payment Pending/,
    /If not, set it to Unpaid .* if it is/,
  ],
  [
    'less open',
    { balanceMinor: 11_999n },
    'balance_too_small',
    /119\.99 EUR open .* 120\.00 EUR/,
    /Match the money anew/,
  ],
]

describe('why an invoice takes no money', () => {
  it.each(ROWS)('%s', (_, shown, code, wrong, next) => {
    const invoice = shown && { status: 'unpaid' as const, balanceMinor: 12_000n, ...shown }
    const fault = invoiceFault(intent, invoice)!
    expect(fault.code).toBe(code)
    expect(fault.words).toMatch(wrong)
    expect(fault.words).toMatch(next)
    expect(fault.words).toMatch(/^[A-Z].*\.$/)
    expect(fault.words).toContain('INV-1050')
  })

  it('takes it where exactly that, or more, is open', () => {
    expect(invoiceFault(intent, { status: 'unpaid', balanceMinor: 12_000n })).toBeUndefined()
    expect(invoiceFault(intent, { status: 'unpaid', balanceMinor: 20_000n })).toBeUndefined()
    expect(closedFault('INV-1050', 'unpaid')).toBeUndefined()
  })

  it('with a surplus only where exactly what it settles is open', () => {
    const codeAt = (balanceMinor: bigint) => invoiceFault(over, { status: 'unpaid', balanceMinor })?.code
    expect([11_999n, 12_000n, 12_001n, 15_000n, 16_000n].map(codeAt)).toEqual([
      'balance_too_small',
      undefined,
      'balance_grown',
      'balance_grown',
      'balance_grown',
    ])
    const grown = invoiceFault(over, { status: 'unpaid', balanceMinor: 12_500n })!.words
    expect(grown).toMatch(/125\.00 EUR open .* 120\.00 EUR .* 30\.00 EUR became credit .* Match the money anew/)
  })

  it('the words of WHMCS end as a sentence, and every code has a next step', () => {
    expect(sentence('Gateway is off')).toBe('Gateway is off.')
    expect(sentence('Is it off?')).toBe('Is it off?')
    const steps = ['currency_differs', 'amount_not_representable', 'fee_not_representable', 'not_understood'].map(
      nextStep,
    )
    expect(new Set([...steps, nextStep('business')]).size).toBe(5)
    expect(nextStep('business')).toMatch(/^Put right in WHMCS what it says, then approve the match again/)
  })
})
