import type { StripeCharge, Surroundings } from '../stripe-feed.ts'

/** Something that may name an invoice, and where it stood. */
export interface InvoiceName {
  from: string
  value: string
}

/** Strongest first. WHMCS gateways write one or another of these (reference 2.7); an order is often, but not always, an invoice. */
const KEYS = [
  'invoice_id',
  'invoiceid',
  'invoice',
  'whmcs_invoice_id',
  'invoice_number',
  'invoicenum',
  'invoice_no',
  'order_id',
] as const
/** What stands on the customer was often written for an earlier invoice, and orders are numbered otherwise: people may look at these,
 *  but the line does not claim them. */
const WEAK = ['.order_id', 'checkout_session.client_reference_id', 'customer.metadata']
/** Where names stand, strongest first. */
const PLACES = [
  'charge.metadata',
  'payment_intent.metadata',
  'checkout_session.metadata',
  'checkout_session.client_reference_id',
  'customer.metadata',
  'charge.description',
  'payment_intent.description',
  'charge.descriptor',
] as const
type Place = (typeof PLACES)[number]

const VALUE_MAX = 64
const NAMES_MAX = 20
const TEXT_MAX = 1_000

/** What the charge itself says. */
export const namesOfCharge = (charge: Pick<StripeCharge, 'metadata' | 'description' | 'descriptor'>): InvoiceName[] =>
  ordered([
    ...ofMetadata('charge.metadata', charge.metadata),
    ...ofText('charge.description', charge.description),
    ...ofText('charge.descriptor', charge.descriptor),
  ])

/** What the things around it say. */
export const namesAround = (around: Surroundings): InvoiceName[] =>
  ordered([
    ...ofMetadata('payment_intent.metadata', around.paymentIntentMetadata),
    ...around.sessions.flatMap((session) => [
      ...ofMetadata('checkout_session.metadata', session.metadata),
      ...ofValue('checkout_session.client_reference_id', session.clientReferenceId ?? ''),
    ]),
    ...ofMetadata('customer.metadata', around.customerMetadata),
    ...ofText('payment_intent.description', around.paymentIntentDescription),
  ])

/** The charge was read again, without what is around it: what was found there stays. */
export const mergeNames = (own: InvoiceName[], known: InvoiceName[]): InvoiceName[] =>
  ordered([...own, ...known.filter((name) => !name.from.startsWith('charge.'))])

/** The best of them as people write it; empty where only weak ones are there. */
export function referenceOf(names: readonly InvoiceName[]): string {
  const best = names.find((name) => !isWeak(name))
  return best ? `Invoice ${best.value}` : ''
}

/** Whether one of them names an invoice, not just an order or a customer. */
export const namesInvoice = (names: readonly InvoiceName[]): boolean => names.some((name) => !isWeak(name))

const isWeak = ({ from }: InvoiceName): boolean =>
  WEAK.some((weak) => from.endsWith(weak) || from.startsWith(`${weak}.`))

function ofMetadata(place: Place, metadata: Record<string, string>): InvoiceName[] {
  const byKey = new Map(Object.entries(metadata).map(([key, value]) => [key.trim().toLowerCase(), value]))
  return KEYS.flatMap((key) => ofValue(place, byKey.get(key) ?? '', key))
}

/** A value that can be a number of an invoice: short, without blanks, with a digit. "Invoice #1001" in a field is read as a text. */
function ofValue(place: Place, given: string, key?: string): InvoiceName[] {
  const value = given.trim().replace(/^#\s*/, '')
  const from = key === undefined ? place : `${place}.${key}`
  if (isNumber(value)) return [{ from, value }]
  return numbersIn(value).map((number) => ({ from, value: number }))
}

const ofText = (place: Place, text: string): InvoiceName[] =>
  numbersIn(text).map((number) => ({ from: place, value: number }))

const isNumber = (value: string): boolean =>
  value.length <= VALUE_MAX && /\d/.test(value) && /^[\p{L}\p{N}][\p{L}\p{N}._/-]*$/u.test(value)

/** "Invoice #1001", "invoiceID: 55", "Rechnung Nr. 2025/17". */
const NAMED =
  /(?:invoice|rechnung|facture|factura|fattura|factuur)[ _-]{0,2}(?:id|number|num|nummer|nr|no)?[.]?\s{0,3}[:#]?\s{0,3}#?\s{0,3}([\p{L}\p{N}][\p{L}\p{N}._/-]{0,63})/giu

/** "INV 1535", as it stands on card statements. "INV-1535" is a number as a whole, and left to whoever reads the text. */
const SHORT = /(?<![\p{L}\p{N}])inv(?:[.:#]\s{0,3}|\s{1,3})#?(\d[\p{L}\p{N}._/-]{0,63})/giu

function numbersIn(text: string): string[] {
  const short = text.slice(0, TEXT_MAX)
  return [...short.matchAll(NAMED), ...short.matchAll(SHORT)]
    .map((match) => match[1]!.replace(/[._/-]+$/, ''))
    .filter(isNumber)
}

/** Strongest place first, each name of a place once. */
function ordered(names: InvoiceName[]): InvoiceName[] {
  const once = [...new Map(names.map((name) => [`${name.from}|${name.value}`, name])).values()]
  return once.sort((one, other) => rank(one) - rank(other)).slice(0, NAMES_MAX)
}

const rank = (name: InvoiceName): number => {
  const place = PLACES.findIndex((known) => name.from === known || name.from.startsWith(`${known}.`))
  const key = KEYS.findIndex((known) => name.from.endsWith(`.${known}`))
  return (isWeak(name) ? 10_000 : 0) + place * 100 + Math.max(key, 0)
}
