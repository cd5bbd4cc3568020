/** Stripe's objects as the simulator keeps them: the names of the wire, money as bigint in the currency's smallest unit, ids where
 *  an answer may be expanded. Source: npm stripe 23.1.0, API version 2026-10-28.endive. */

export type Metadata = Readonly<Record<string, string>>

interface Base<Name extends string> {
  readonly id: string
  readonly object: Name
  readonly created: number
}

export interface FeeDetail {
  readonly amount: bigint
  readonly application: null
  readonly currency: string
  readonly description: string
  readonly type: 'stripe_fee' | 'tax'
}

/** `status` is not kept: it follows from `available_on` and the clock. */
export interface BalanceTransaction extends Base<'balance_transaction'> {
  readonly amount: bigint
  readonly available_on: number
  readonly balance_type: 'payments'
  readonly currency: string
  readonly description: string | null
  readonly exchange_rate: number | null
  readonly fee: bigint
  readonly fee_details: readonly FeeDetail[]
  readonly net: bigint
  readonly reporting_category: string
  readonly source: string | null
  readonly type: string
}

export interface BillingDetails {
  readonly address: Readonly<Record<string, string | null>> | null
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly tax_id: null
}

export interface Charge extends Base<'charge'> {
  readonly amount: bigint
  readonly amount_captured: bigint
  readonly amount_refunded: bigint
  readonly application: string | null
  readonly application_fee: null
  readonly application_fee_amount: null
  readonly balance_transaction: string | null
  readonly billing_details: BillingDetails
  readonly calculated_statement_descriptor: string | null
  readonly captured: boolean
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly disputed: boolean
  readonly failure_balance_transaction: string | null
  readonly failure_code: string | null
  readonly failure_message: string | null
  readonly fraud_details: Readonly<Record<string, never>>
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly on_behalf_of: null
  readonly outcome: Readonly<Record<string, string | null>> | null
  readonly paid: boolean
  readonly payment_intent: string | null
  readonly payment_method: string | null
  readonly payment_method_details: { readonly type: string; readonly [detail: string]: unknown }
  readonly receipt_email: string | null
  readonly receipt_number: string | null
  readonly receipt_url: string | null
  readonly refunded: boolean
  readonly review: null
  readonly shipping: null
  readonly source: null
  readonly source_transfer: null
  readonly statement_descriptor: string | null
  readonly statement_descriptor_suffix: string | null
  readonly status: 'succeeded' | 'pending' | 'failed'
  readonly transfer_data: null
  readonly transfer_group: null
}

export interface PaymentIntent extends Base<'payment_intent'> {
  readonly amount: bigint
  readonly amount_capturable: bigint
  readonly amount_received: bigint
  readonly capture_method: 'automatic' | 'automatic_async' | 'manual'
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly last_payment_error: { readonly code: string; readonly message: string; readonly type: 'card_error' } | null
  readonly latest_charge: string | null
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly payment_method_types: readonly string[]
  readonly receipt_email: string | null
  readonly statement_descriptor: string | null
  readonly statement_descriptor_suffix: string | null
  readonly status: 'succeeded' | 'processing' | 'requires_capture' | 'requires_payment_method' | 'canceled'
}

export interface Refund extends Base<'refund'> {
  readonly amount: bigint
  readonly balance_transaction: string | null
  readonly charge: string
  readonly currency: string
  readonly customer: string | null
  readonly customer_account: null
  readonly failure_balance_transaction?: string
  readonly failure_reason?: string
  readonly metadata: Metadata
  readonly payment_intent: string | null
  readonly payment_method: string | null
  readonly reason: string | null
  readonly receipt_number: null
  readonly source_transfer_reversal: null
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'
  readonly transfer_reversal: null
}

/** The ids of `balance_transactions` are always shown as whole objects. */
export interface Dispute extends Base<'dispute'> {
  readonly amount: bigint
  readonly balance_transactions: readonly string[]
  readonly charge: string
  readonly currency: string
  readonly enhanced_eligibility_types: readonly never[]
  readonly evidence: Readonly<Record<string, null>>
  readonly evidence_details: Readonly<Record<string, unknown>>
  readonly intended_submission_method: null
  readonly is_charge_refundable: boolean
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly payment_intent: string | null
  readonly reason: string
  readonly status: 'needs_response' | 'warning_needs_response' | 'warning_closed' | 'won' | 'lost'
}

export interface Payout extends Base<'payout'> {
  readonly amount: bigint
  readonly application_fee: null
  readonly application_fee_amount: null
  readonly arrival_date: number
  readonly automatic: boolean
  readonly balance_transaction: string
  readonly currency: string
  readonly description: string | null
  readonly destination: string
  readonly failure_balance_transaction: string | null
  readonly failure_code: string | null
  readonly failure_message: string | null
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly method: 'standard' | 'instant'
  readonly original_payout: null
  readonly payout_method: null
  readonly reconciliation_status: 'completed' | 'in_progress' | 'not_applicable'
  readonly reversed_by: null
  readonly source_type: SourceType
  readonly statement_descriptor: string | null
  readonly status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled'
  readonly trace_id: { readonly status: 'pending' | 'supported' | 'unsupported'; readonly value: string | null }
  readonly type: 'bank_account' | 'card'
}

/** The sub-balance that money sits in. */
export type SourceType = 'card' | 'bank_account'

export interface Customer extends Base<'customer'> {
  readonly address: null
  readonly balance: 0
  readonly currency: string | null
  readonly default_source: null
  readonly delinquent: false
  readonly description: string | null
  readonly email: string | null
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly name: string | null
  readonly phone: null
}

export interface CheckoutSession extends Base<'checkout.session'> {
  readonly amount_subtotal: bigint
  readonly amount_total: bigint
  readonly client_reference_id: string | null
  readonly currency: string
  readonly customer: string | null
  readonly customer_details: { readonly email: string | null; readonly name: string | null }
  readonly expires_at: number
  /** The text of its one line; shown only when `line_items` is expanded. */
  readonly line_items: string
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly mode: 'payment'
  readonly payment_intent: string | null
  readonly payment_status: 'paid' | 'unpaid'
  readonly status: 'open' | 'complete' | 'expired'
  readonly success_url: string
  readonly url: null
}

export interface Event extends Base<'event'> {
  readonly account: string
  readonly api_version: string
  readonly data: { readonly object: object; readonly previous_attributes?: Readonly<Record<string, unknown>> }
  readonly livemode: boolean
  readonly request: { readonly id: string | null; readonly idempotency_key: null }
  readonly type: string
}

export interface BankAccount extends Base<'bank_account'> {
  readonly account_holder_name: string
  readonly bank_name: string
  readonly country: string
  readonly currency: string
  readonly last4: string
  readonly status: 'new' | 'errored'
}
