import { expect, it } from 'vitest'
import { pathOf } from './way.ts'

it.each([
  ['consent_ended', 'bank_connection', 'bank_1', '/connections/bank_1'],
  ['whmcs_proof_lost', 'whmcs_instance', 'whm_1', '/connections/whm_1'],
  ['payment_quarantined', 'payment', 'pay_1', '/review?view=quarantined&item=pay_1'],
  ['undo_needs_person', 'payment', 'pay_1', '/review?view=reversals&item=pay_1'],
  ['ledger_difference', 'payment', 'pay_1', '/alerts'],
  ['missing_at_bank', 'transaction', 'txn_1', '/transactions/txn_1'],
  ['payout_failed', 'payout', 'pout_1', '/payouts/pout_1'],
  ['bank_lines_unreadable', 'bank_account', 'acc_1', '/transactions?account_id=acc_1'],
  ['audit_chain_broken', 'tenant', 'ten_1', '/audit'],
  ['precision_below_budget', 'tenant', 'ten_1', '/matching'],
  ['clock_wrong', 'machine', 'a host', '/alerts'],
])('%s of a %s is mended at its page', (code, type, id, path) => {
  expect(pathOf({ code, subject: { type, id } })).toBe(path)
})
