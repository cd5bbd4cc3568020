import type { ChargeOrder } from '../ledger/charge-order.ts'
import type { Dice } from '../ledger/dice.ts'
import type { Place } from '../ledger/truth.ts'

/** What a WHMCS gateway knows when it takes a payment. */
export interface Sale {
  /** Number or id of the invoice, as the gateway writes it. */
  invoice: string
  clientId: string
  name: string
  email: string
  company: string
}

export interface Reference {
  /** What the gateway adds to the charge. */
  order: Partial<ChargeOrder>
  place: Place
  /** Which of Stripe's ids it records in WHMCS. */
  transid: 'charge' | 'intent'
}

/** How gateways in use leave the invoice behind. Written after the public behaviour of the modules, not their code. */
export const GATEWAYS: Record<string, (sale: Sale) => Reference> = {
  whmcs_text: ({ invoice, company }) => ({
    order: { description: `${company} - Invoice #${invoice}` },
    place: 'description',
    transid: 'charge',
  }),
  text_and_mail: ({ invoice, email }) => ({
    order: { description: `Invoice #${invoice} - ${email}.` },
    place: 'description',
    transid: 'charge',
  }),
  three_d_secure: ({ invoice, company }) => ({
    order: { description: `${company} Invoice#${invoice}`, metadata: { invoice_id: invoice } },
    place: 'charge_metadata',
    transid: 'charge',
  }),
  wallets: ({ invoice }) => ({
    order: { intentDescription: `invoiceID: ${invoice}`, intentMetadata: { invoice_id: invoice } },
    place: 'charge_metadata',
    transid: 'intent',
  }),
  checkout: ({ invoice, clientId, name, email }) => ({
    order: {
      session: {
        metadata: { invoice_id: invoice, client_id: clientId, whmcs_site: 'https://billing.example/' },
        line: `WHMCS Invoice #${invoice}`,
      },
      customer: { name, email, metadata: { whmcs_client_id: clientId } },
    },
    place: 'session_metadata',
    transid: 'intent',
  }),
  late_metadata: ({ invoice }) => ({
    order: { lateIntentMetadata: { InvoiceId: invoice } },
    place: 'intent_metadata',
    transid: 'intent',
  }),
  descriptor: ({ invoice }) => ({
    order: { descriptorSuffix: `INV ${invoice}` },
    place: 'descriptor',
    transid: 'charge',
  }),
  customer_only: ({ invoice, clientId, name, email }) => ({
    order: { customer: { name, email, metadata: { whmcs_invoice_id: invoice, whmcs_client_id: clientId } } },
    place: 'customer_metadata',
    transid: 'intent',
  }),
  silent: () => ({ order: { description: 'Hosting' }, place: 'nowhere', transid: 'charge' }),
}

const OFTEN = ['whmcs_text', 'whmcs_text', 'text_and_mail', 'three_d_secure', 'wallets', 'checkout', 'checkout']
const SELDOM = ['late_metadata', 'descriptor', 'customer_only', 'silent']

/** One of the gateways, the common ones more often. */
export const drawReference = (sale: Sale, dice: Dice): Reference =>
  GATEWAYS[dice.pick(dice.chance(0.9) ? OFTEN : SELDOM)]!(sale)
