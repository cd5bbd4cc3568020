/** Objects as Stripe's API answers them, version 2026-10-28.endive: shapes and names from its documentation, contents made up. Any
 *  field can be given otherwise. */
type Fields = Record<string, unknown>

const AT = 1_789_700_000

export const chargeAnswer = (fields: Fields = {}): Fields => ({
  id: 'ch_3A1',
  object: 'charge',
  amount: 12_100,
  amount_captured: 12_100,
  amount_refunded: 0,
  application: null,
  balance_transaction: 'txn_3A1',
  billing_details: {
    address: { city: 'Lisboa', country: 'PT' },
    email: 'ada@marlow.example',
    name: 'Ada Marlow',
    phone: null,
  },
  calculated_statement_descriptor: 'NORTHBYTE 1001',
  captured: true,
  created: AT,
  currency: 'eur',
  customer: 'cus_9',
  description: 'Invoice #1001',
  disputed: false,
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  livemode: false,
  metadata: { invoice_id: '1001' },
  outcome: { type: 'authorized', reason: null, seller_message: 'Payment complete.' },
  paid: true,
  payment_intent: 'pi_3A1',
  payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
  receipt_email: null,
  refunded: false,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'succeeded',
  ...fields,
})

export const ledgerAnswer = (fields: Fields = {}): Fields => ({
  id: 'txn_3A1',
  object: 'balance_transaction',
  amount: 12_100,
  available_on: 1_790_000_000,
  balance_type: 'payments',
  created: AT,
  currency: 'eur',
  description: 'Invoice #1001',
  exchange_rate: null,
  fee: 206,
  fee_details: [
    { amount: 206, application: null, currency: 'eur', description: 'Stripe processing fees', type: 'stripe_fee' },
  ],
  net: 11_894,
  reporting_category: 'charge',
  source: 'ch_3A1',
  status: 'pending',
  type: 'charge',
  ...fields,
})

export const refundAnswer = (fields: Fields = {}): Fields => ({
  id: 're_1',
  object: 'refund',
  amount: 2_000,
  balance_transaction: 'txn_re_1',
  charge: 'ch_3A1',
  created: AT + 100,
  currency: 'eur',
  failure_balance_transaction: null,
  metadata: {},
  payment_intent: 'pi_3A1',
  reason: 'requested_by_customer',
  status: 'succeeded',
  ...fields,
})

export const disputeAnswer = (fields: Fields = {}): Fields => ({
  id: 'du_1',
  object: 'dispute',
  amount: 3_000,
  balance_transactions: [ledgerAnswer({ id: 'txn_du_1', amount: -3_000, fee: 2_000, net: -5_000, type: 'adjustment' })],
  charge: 'ch_3A1',
  created: AT + 200,
  currency: 'eur',
  livemode: false,
  reason: 'fraudulent',
  status: 'needs_response',
  ...fields,
})

export const payoutAnswer = (fields: Fields = {}): Fields => ({
  id: 'po_1',
  object: 'payout',
  amount: 8_845,
  arrival_date: 1_789_862_400,
  automatic: true,
  balance_transaction: 'txn_po_1',
  created: AT + 300,
  currency: 'eur',
  destination: { id: 'ba_1', object: 'bank_account', last4: '3000', bank_name: 'STRIPE TEST BANK', currency: 'eur' },
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  livemode: false,
  method: 'standard',
  payout_method: null,
  reconciliation_status: 'completed',
  source_type: 'card',
  statement_descriptor: null,
  status: 'paid',
  trace_id: { status: 'supported', value: 'ABC123' },
  type: 'bank_account',
  ...fields,
})

export const eventAnswer = (fields: Fields = {}): Fields => ({
  id: 'evt_1',
  object: 'event',
  api_version: '2026-10-28.endive',
  created: AT,
  data: { object: chargeAnswer() },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type: 'charge.succeeded',
  ...fields,
})

export const accountAnswer = (fields: Fields = {}): Fields => ({
  id: 'acct_1A',
  object: 'account',
  business_profile: { name: 'Northbyte Hosting', mcc: null },
  charges_enabled: true,
  country: 'PT',
  default_currency: 'eur',
  payouts_enabled: true,
  settings: {
    dashboard: { display_name: 'Northbyte', timezone: 'Etc/UTC' },
    payouts: {
      schedule: { interval: 'daily', delay_days: 7 },
      statement_descriptor: null,
    },
  },
  type: 'standard',
  ...fields,
})

export const intentAnswer = (fields: Fields = {}): Fields => ({
  id: 'pi_3A1',
  object: 'payment_intent',
  amount: 12_100,
  currency: 'eur',
  description: 'invoiceID: 1001',
  latest_charge: 'ch_3A1',
  metadata: { original_amount: '121.00' },
  status: 'succeeded',
  ...fields,
})

export const sessionAnswer = (fields: Fields = {}): Fields => ({
  id: 'cs_test_1',
  object: 'checkout.session',
  client_reference_id: 'client-7',
  metadata: { invoice_id: '1001', client_id: '7' },
  payment_intent: 'pi_3A1',
  ...fields,
})

export const customerAnswer = (fields: Fields = {}): Fields => ({
  id: 'cus_9',
  object: 'customer',
  email: 'ada@marlow.example',
  metadata: { whmcs_client_id: '7' },
  name: 'Ada Marlow',
  ...fields,
})

export const listAnswer = (data: unknown[], more = false): Fields => ({
  object: 'list',
  data,
  has_more: more,
  url: '/v1/things',
})

/** A refusal in Stripe's shape. */
export const errorAnswer = (fields: Fields): Fields => ({ error: { type: 'invalid_request_error', ...fields } })
