import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../base/ids.ts'
import { isTransid, type PaymentIdentity, transidOf } from './transid.ts'

const text = fc.string({ maxLength: 40 })
const identity: fc.Arbitrary<PaymentIdentity> = fc.record({
  tenantId: fc.constant(newId('ten')),
  account: text,
  transactionKey: text,
  installation: text,
  invoiceExternalId: text,
  part: fc.integer({ min: 1, max: 100 }),
  generation: fc.integer({ min: 1, max: 100 }),
})

describe('transid', () => {
  it('never changes: this payment had this id from the first version on', () => {
    const id = transidOf({
      tenantId: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab',
      account: 'account',
      transactionKey: 'api:2025041000417',
      installation: 'billing.example.net/whmcs',
      invoiceExternalId: '1050',
      part: 1,
      generation: 1,
    })
    expect(id).toBe('PYM-25QEL2RS7MTRKFCZ34IXB7KXJO')
  })

  it('is the same for the same payment, thirty characters, upper case', () => {
    fc.assert(
      fc.property(identity, (payment) => {
        const id = transidOf(payment)
        expect(id).toMatch(/^PYM-[A-Z2-7]{26}$/)
        expect(id).toHaveLength(30)
        expect(isTransid(id)).toBe(true)
        expect(transidOf({ ...payment })).toBe(id)
      }),
    )
  })

  it('differs when any one thing differs', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const same = Object.keys(one).every((name) => one[name as 'part'] === other[name as 'part'])
        fc.pre(!same)
        expect(transidOf(one)).not.toBe(transidOf(other))
      }),
    )
    fc.assert(
      fc.property(
        identity,
        fc.constantFrom('account', 'transactionKey', 'installation', 'invoiceExternalId'),
        (payment, field) => {
          expect(transidOf({ ...payment, [field]: `${payment[field]}x` })).not.toBe(transidOf(payment))
        },
      ),
    )
  })

  it('keeps neighbouring fields apart', () => {
    fc.assert(
      fc.property(identity, text, (payment, more) => {
        fc.pre(more !== '')
        const moved = { ...payment, account: payment.account + more }
        const other = { ...payment, transactionKey: more + payment.transactionKey }
        expect(transidOf(moved)).not.toBe(transidOf(other))
      }),
    )
  })

  it('differs for every part and generation', () => {
    fc.assert(
      fc.property(identity, (payment) => {
        const ids = [1, 2, 3].flatMap((part) =>
          [1, 2, 3].map((generation) => transidOf({ ...payment, part, generation })),
        )
        expect(new Set(ids).size).toBe(9)
      }),
    )
  })

  it('knows its own kind only', () => {
    for (const other of ['', 'PYM-', 'pym-abcdefghijklmnopqrstuvwxyz', 'PYM-ABC', 'ch_123', `PYM-${'1'.repeat(26)}`]) {
      expect(isTransid(other)).toBe(false)
    }
  })
})
