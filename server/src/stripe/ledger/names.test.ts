import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../../../test/setup/properties.ts'
import type { Surroundings } from '../stripe-feed.ts'
import { mergeNames, namesAround, namesInvoice, namesOfCharge, referenceOf } from './names.ts'
import { anyText } from '../../../test/setup/any-text.ts'

const charge = (change: { metadata?: Record<string, string>; description?: string; descriptor?: string }) =>
  namesOfCharge({ metadata: {}, description: '', descriptor: '', ...change })
const around = (change: Partial<Surroundings>) =>
  namesAround({
    paymentIntentMetadata: {},
    paymentIntentDescription: '',
    sessions: [],
    customerMetadata: {},
    customerEmail: '',
    customerName: '',
    ...change,
  })

describe('a charge names its invoice', () => {
  it.each([
    // What WHMCS gateways are known to write (reference 2.7).
    [{ metadata: { invoice_id: '1001' } }, 'Invoice 1001'],
    [{ metadata: { Invoice_ID: ' #1001 ' } }, 'Invoice 1001'],
    [{ metadata: { invoiceid: 'INV-2025-001' } }, 'Invoice INV-2025-001'],
    [{ metadata: { invoice: 'Invoice #77 - alma@berg.example.' } }, 'Invoice 77'],
    [{ description: 'invoiceID: 55' }, 'Invoice 55'],
    [{ description: 'Northbyte Invoice#1001' }, 'Invoice 1001'],
    [{ description: 'Invoice #1001 - alma@berg.example.' }, 'Invoice 1001'],
    [{ description: 'Northbyte Hosting - Invoice #2025/17.' }, 'Invoice 2025/17'],
    [{ description: 'Rechnung Nr. 4711' }, 'Invoice 4711'],
    [{ description: 'Invoice number: R-12' }, 'Invoice R-12'],
    [{ descriptor: 'NORTHBYTE* INVOICE 1001' }, 'Invoice 1001'],
    [{ descriptor: 'NORTHBYTE* INV 1535' }, 'Invoice 1535'],
    [{ descriptor: 'NORTHBYTE INV#1535' }, 'Invoice 1535'],
    // What is none.
    [{ description: 'INV-2025-001' }, ''],
    [{ description: 'Invention 12' }, ''],
    [{ metadata: { order_id: '88' } }, ''],
    [{ metadata: { invoice_id: '' } }, ''],
    [{ metadata: { invoice_id: 'none' } }, ''],
    [{ metadata: { customer: '1001' } }, ''],
    [{ description: 'Thank you for paying our invoice today, 12 times' }, ''],
    [{ description: '1001' }, ''],
  ])('%j: "%s"', (given, reference) => {
    expect(referenceOf(charge(given))).toBe(reference)
  })

  it('by the strongest place, and all of them are kept', () => {
    expect(
      charge({
        metadata: { order_id: '9', whmcs_invoice_id: '1002', invoice_id: '1001' },
        description: 'Invoice #1003',
        descriptor: 'INVOICE 1004',
      }),
    ).toEqual([
      { from: 'charge.metadata.invoice_id', value: '1001' },
      { from: 'charge.metadata.whmcs_invoice_id', value: '1002' },
      { from: 'charge.description', value: '1003' },
      { from: 'charge.descriptor', value: '1004' },
      { from: 'charge.metadata.order_id', value: '9' },
    ])
  })

  it('by what is around it, in the order of the reference', () => {
    const found = around({
      customerMetadata: { whmcs_invoice_id: '3' },
      sessions: [{ id: 'cs_1', metadata: { invoice_id: '2' }, clientReferenceId: '9' }],
      paymentIntentMetadata: { invoice_id: '1' },
      paymentIntentDescription: 'Invoice 4',
    })
    expect(found.map((name) => name.value)).toEqual(['1', '2', '4', '9', '3'])
    expect(referenceOf(found)).toBe('Invoice 1')
    expect(referenceOf(found.slice(3))).toBe('')
    // Of the charge what it says now; of the rest what was found before.
    expect(
      mergeNames(charge({ descriptor: 'INVOICE 8' }), [...found, { from: 'charge.description', value: '7' }]),
    ).toEqual([...found.slice(0, 3), { from: 'charge.descriptor', value: '8' }, ...found.slice(3)])
  })

  it('only with numbers that can stand in a line, whatever the texts are', () => {
    const text = fc.oneof(anyText({ maxLength: 200 }), fc.stringMatching(/^(invoice[ #:.]{0,4}[\w./-]{0,90}){0,5}$/))
    fc.assert(
      fc.property(text, text, (metadata, description) => {
        const names = charge({ metadata: { invoice_id: metadata }, description })
        expect(names.length).toBeLessThanOrEqual(20)
        for (const { value } of names) expect(value).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,63}$/u)
        expect(namesInvoice(names)).toBe(referenceOf(names) !== '')
      }),
    )
  })
})
