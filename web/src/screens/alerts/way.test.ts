import { describe, expect, it } from 'vitest'
import { wayOf } from './way.ts'

const way = (type: string, id: string, code = 'any') => wayOf({ code, subject: { type, id } })

describe('the way from an alert to its thing', () => {
  it('leads to the page of what has one', () => {
    expect(way('bank_connection', 'bank_1')).toEqual({ kind: 'connection', id: 'bank_1' })
    expect(way('whmcs_instance', 'whm_1')).toEqual({ kind: 'connection', id: 'whm_1' })
    expect(way('stripe_connection', 'strc_1')).toEqual({ kind: 'connection', id: 'strc_1' })
    expect(way('bank_account', 'acc_1')).toEqual({ kind: 'account', id: 'acc_1' })
    expect(way('transaction', 'txn_1')).toEqual({ kind: 'transaction', id: 'txn_1' })
    expect(way('payout', 'po_1')).toEqual({ kind: 'payout', id: 'po_1' })
    expect(way('webhook', 'wh_1')).toEqual({ kind: 'webhook', id: 'wh_1' })
    expect(way('match', 'mat_1')).toEqual({ kind: 'match', id: 'mat_1' })
  })
  it('leads to the review for a payment that a person must decide, and to its line for the others', () => {
    expect(way('payment', 'pay_1', 'payment_quarantined')).toEqual({ kind: 'quarantined', id: 'pay_1' })
    expect(way('payment', 'pay_1', 'undo_needs_person')).toEqual({ kind: 'reversals', id: 'pay_1' })
    expect(way('payment', 'pay_1', 'ledger_difference')).toEqual({ kind: 'payment', id: 'pay_1' })
  })
  it('leads to the audit for its chain, and nowhere for what has no page', () => {
    expect(way('tenant', 'ten_1', 'audit_chain_broken')).toEqual({ kind: 'audit', id: 'ten_1' })
    expect(way('tenant', 'ten_1', 'precision_below_budget')).toEqual({ kind: 'matching', id: 'ten_1' })
    expect(way('mail', 'mail_1')).toBeUndefined()
    expect(way('machine', 'host')).toBeUndefined()
  })
})
