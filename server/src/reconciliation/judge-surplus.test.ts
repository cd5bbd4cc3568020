import { array, assert, bigInt, boolean, constantFrom, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Id } from '../base/ids.ts'
import { judgeSurplus, type SurplusInvoice, surplusText, withSurplus } from './judge-surplus.ts'

const ONE: Id<'whm'> = 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab'
const OTHER: Id<'whm'> = 'whm_01jrfzq4v8m2k9d7t5x3w1c0ac'

const part = (invoiceId: string, amountMinor: bigint) => ({ invoiceId, amountMinor })
const judge = (
  restMinor: bigint,
  parts: { invoiceId: string; amountMinor: bigint }[],
  invoices: Record<string, SurplusInvoice>,
  policy: 'leave' | 'credit' = 'credit',
) =>
  judgeSurplus({
    restMinor,
    currency: 'EUR',
    parts,
    invoices: new Map(Object.entries(invoices)),
    policies: new Map([[ONE, policy]]),
  })

const of = (freeMinor: bigint, change: Partial<SurplusInvoice> = {}): SurplusInvoice => ({
  freeMinor,
  clientId: 'ada',
  instanceId: ONE,
  ...change,
})

describe('what becomes of money beyond the invoices', () => {
  it.each([
    ['more than one invoice', judge(50n, [part('a', 40n)], { a: of(40n) }), 10n, 'credit'],
    [
      'more than two of one client',
      judge(70n, [part('a', 40n), part('b', 25n)], { a: of(40n), b: of(25n) }),
      5n,
      'credit',
    ],
    ['the installation leaves it', judge(50n, [part('a', 40n)], { a: of(40n) }, 'leave'), 10n, 'transaction'],
    [
      'another installation, not set to it',
      judge(50n, [part('a', 40n)], { a: of(40n, { instanceId: OTHER }) }),
      10n,
      'transaction',
    ],
    ['invoices by API', judge(50n, [part('a', 40n)], { a: of(40n, { instanceId: null }) }), 10n, 'transaction'],
    [
      'two clients',
      judge(70n, [part('a', 40n), part('b', 25n)], { a: of(40n), b: of(25n, { clientId: 'bea' }) }),
      5n,
      'transaction',
    ],
  ])('%s', (_, surplus, amountMinor, goesTo) => {
    expect(surplus).toMatchObject({ amountMinor, goesTo })
  })

  it.each([
    ['nothing is left', judge(40n, [part('a', 40n)], { a: of(40n) })],
    ['an invoice stays open', judge(50n, [part('a', 30n)], { a: of(40n) })],
    ['one of two stays open', judge(90n, [part('a', 40n), part('b', 20n)], { a: of(40n), b: of(25n) })],
    ['an invoice is not known', judge(50n, [part('z', 40n)], {})],
    ['there are no parts', judge(50n, [], {})],
  ])('nothing is said where %s', (_, surplus) => {
    expect(surplus).toBeUndefined()
  })

  it('money is conserved, and credit is only ever that of one client of an installation set to it', () => {
    const amounts = bigInt({ min: 1n, max: 10_000n })
    const rows = array(tuple(amounts, constantFrom('ada', 'bea'), constantFrom(ONE, OTHER, null), boolean()), {
      minLength: 1,
      maxLength: 5,
    })
    assert(
      property(
        rows,
        bigInt({ min: 0n, max: 60_000n }),
        constantFrom('leave' as const, 'credit' as const),
        (given, restMinor, policy) => {
          const invoices = Object.fromEntries(
            given.map(([freeMinor, clientId, instanceId], n) => [String(n), { freeMinor, clientId, instanceId }]),
          )
          const parts = given.map(([freeMinor, , , whole], n) =>
            part(String(n), whole ? freeMinor : (freeMinor + 1n) / 2n),
          )
          const surplus = judge(restMinor, parts, invoices, policy)
          const sum = parts.reduce((total, { amountMinor }) => total + amountMinor, 0n)
          if (!surplus) return
          expect(sum + surplus.amountMinor).toBe(restMinor)
          expect(surplus.amountMinor > 0n).toBe(true)
          const alike = new Set(given.map(([, clientId]) => clientId)).size === 1 && given[0]![2] === ONE
          expect(surplus.goesTo === 'credit').toBe(alike && policy === 'credit')
        },
      ),
    )
  })

  it('of more decimals than WHMCS keeps stays, and keeps no invoice from being paid', () => {
    const kuwait = (restMinor: bigint) =>
      judgeSurplus({
        restMinor,
        currency: 'KWD',
        parts: [part('a', 40n)],
        invoices: new Map([['a', of(40n)]]),
        policies: new Map([[ONE, 'credit']]),
      })!
    expect([kuwait(50n).goesTo, kuwait(55n).goesTo]).toEqual(['credit', 'transaction'])
    expect(kuwait(55n).reason.text).toMatch(/^0\.015 KWD .* since WHMCS keeps two decimals only\.$/)
  })

  it('is said once, whatever was said before', () => {
    const surplus = judge(50n, [part('a', 40n)], { a: of(40n) })!
    const before = [{ code: 'amount_over', weight: 1.5, text: 'More came than is open.' }]
    const said = withSurplus(withSurplus(before, surplus), surplus)
    expect(said.map(({ code, weight }) => [code, weight])).toEqual([
      ['amount_over', 1.5],
      ['surplus_to_credit', 0],
    ])
    expect(surplusText(said)).toContain('0.10 EUR')
    expect([withSurplus(said, undefined), surplusText(before)]).toEqual([before, ''])
  })
})
