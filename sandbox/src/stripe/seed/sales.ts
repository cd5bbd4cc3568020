import type { Book } from '../ledger/book.ts'
import type { ChargeOrder, ChargeOutcome } from '../ledger/charge-order.ts'
import { capture, charge, settleDelayed } from '../ledger/charges.ts'
import { decimalsOf } from '../ledger/currencies.ts'
import { DAY, HOUR } from '../ledger/days.ts'
import type { Dice } from '../ledger/dice.ts'
import { closeDispute, dispute } from '../ledger/disputes.ts'
import type { Charge } from '../ledger/objects.ts'
import { failRefund, refund } from '../ledger/refunds.ts'
import type { Payer } from './people.ts'
import { drawReference, type Reference } from './references.ts'

export interface Shop {
  book: Book
  dice: Dice
  payers: Payer[]
  /** The merchant's settlement currencies, the first one the most used. */
  currencies: string[]
  nextInvoice: number
  /** How many of the payments its gateway records in WHMCS. */
  recordedShare: number
}

/** Currencies without a bank account of their own, and their rates to a cent of euro or dollar, in millionths. */
export const FOREIGN: Record<string, number> = { gbp: 1_170_000, chf: 1_050_000, huf: 2_500, kwd: 300_000, krw: 62_000 }

/** One payment of one client, and everything that becomes of it. */
export function sell(shop: Shop): void {
  const { book, dice } = shop
  const payer = dice.pick(shop.payers)
  const invoice = String(shop.nextInvoice++)
  const sale = { ...payer, invoice, company: book.terms.businessName }
  const reference = drawReference(sale, dice)
  const order: ChargeOrder = {
    ...terms(shop),
    customer: { name: payer.name, email: payer.email },
    ...reference.order,
    purpose: { invoice, place: reference.place, recordedAs: null },
  }
  const made = charge(book, order)
  const outcome = order.outcome
  if (outcome === 'pending') return wait(shop, made, reference)
  if (outcome === 'authorized') return hold(shop, made, reference)
  if (outcome === 'failed') return retry(shop, order, reference)
  record(shop, made, reference)
  if (outcome !== 'async_capture') follow(shop, made)
}

/** Amount, currency, method and outcome. */
function terms({ dice, currencies }: Shop): Pick<ChargeOrder, 'amount' | 'currency' | 'method' | 'outcome' | 'rate'> {
  const outcomes: [ChargeOutcome, number][] = [
    ['failed', 0.03],
    ['async_capture', 0.04],
    ['authorized', 0.015],
  ]
  if (dice.chance(0.03)) {
    const currency = dice.pick(Object.keys(FOREIGN))
    const rate = FOREIGN[currency]!
    return { amount: price(dice, currency), currency, rate: BigInt(rate + dice.upTo(Math.floor(rate / 50))) }
  }
  const currency = dice.chance(0.65) ? currencies[0]! : dice.pick(currencies)
  const amount = price(dice, currency)
  if (currency !== 'jpy' && dice.chance(0.06)) {
    return { amount, currency, method: currency === 'usd' ? 'us_bank_account' : 'sepa_debit', outcome: 'pending' }
  }
  if (currency === 'eur' && dice.chance(0.03)) return { amount, currency, method: 'ideal' }
  const found = outcomes.find(([, share]) => dice.chance(share))
  return { amount, currency, ...(found === undefined ? {} : { outcome: found[0] }) }
}

/** What hosting costs, in the smallest unit. */
function price(dice: Dice, currency: string): bigint {
  const cents = dice.pick([599, 1190, 2490, 3490, 4900, 8900, 17_850]) + dice.upTo(99)
  if (currency === 'huf') return BigInt(cents) * 400n
  if (currency === 'krw') return BigInt(cents) * 15n
  const decimals = decimalsOf(currency)
  return decimals === 3 ? BigInt(cents) * 10n : BigInt(cents)
}

/** The gateway writes the payment into WHMCS, or misses it. */
function record({ book, dice, recordedShare }: Shop, made: Charge, reference: Reference): void {
  const purpose = book.truth.purposes.get(made.id)!
  if (dice.chance(recordedShare)) {
    purpose.recordedAs = reference.transid === 'charge' ? made.id : made.payment_intent
  }
}

function wait(shop: Shop, { id }: Charge, reference: Reference): void {
  const { book, dice } = shop
  book.later(3 * DAY + dice.upTo(3 * DAY), () => {
    const settled = settleDelayed(book, id, dice.chance(0.92) ? 'succeeded' : 'failed')
    if (settled.status !== 'succeeded') return
    record(shop, settled, reference)
    follow(shop, settled)
  })
}

function hold(shop: Shop, made: Charge, reference: Reference): void {
  const { book, dice } = shop
  book.later(HOUR + dice.upTo(3 * DAY), () => {
    if (dice.chance(0.1)) return
    const part = dice.chance(0.4) ? { amount: made.amount / 2n, reversal: dice.chance(0.5) } : {}
    record(shop, capture(book, made.id, part), reference)
  })
}

/** Declined: many try again with another card. */
function retry(shop: Shop, order: ChargeOrder, reference: Reference): void {
  const { book, dice } = shop
  if (!dice.chance(0.7)) return
  book.later(120 + dice.upTo(HOUR), () => {
    const { outcome: _failed, purpose, ...again } = order
    const paid = charge(book, { ...again, purpose: { ...purpose!, recordedAs: null } })
    record(shop, paid, reference)
    follow(shop, paid)
  })
}

/** Refunds, refunds that come back, disputes. */
function follow(shop: Shop, made: Charge): void {
  const { book, dice } = shop
  if (dice.chance(0.03)) {
    book.later(DAY + dice.upTo(15 * DAY), () => {
      const rate = book.need(book.transactions, book.need(book.charges, made.id).balance_transaction!).exchange_rate
      const today = rate === null ? {} : { rate: BigInt(Math.round(rate * 1e6)) - BigInt(dice.upTo(500)) }
      const half = dice.chance(0.4) && made.amount > 1000n ? { amount: (made.amount / 20n) * 10n } : {}
      const { id } = refund(book, { charge: made.id, ...half, ...today })
      if (dice.chance(0.06)) book.later(2 * DAY + dice.upTo(5 * DAY), () => void failRefund(book, id))
    })
  } else if (dice.chance(0.006)) {
    book.later(4 * DAY + dice.upTo(20 * DAY), () => {
      const foreign = FOREIGN[made.currency]
      const today = foreign === undefined ? {} : { rate: BigInt(foreign) }
      const { id } = dispute(book, { charge: made.id, inquiry: dice.chance(0.15), ...today })
      if (!dice.chance(0.8)) return
      const won = dice.chance(0.4)
      const feeReturned = dice.chance(0.5)
      book.later(
        8 * DAY + dice.upTo(15 * DAY),
        () => void closeDispute(book, id, won ? 'won' : 'lost', { feeReturned }),
      )
    })
  }
}
