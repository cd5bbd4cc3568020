import type { Book } from '../ledger/book.ts'
import { DAY } from '../ledger/days.ts'
import type { Stored, Table } from '../ledger/table.ts'
import { type Parameters, plain, rangeOf } from './parameters.ts'
import { missing, refuse } from './refusal.ts'

/** Which rows a list's filters leave: one index that narrows, and tests for the rest. */
export interface Narrowing {
  under?: { index: string; value: string }
  fits: ((row: Stored) => boolean)[]
}

export interface Looking {
  book: Book
  given: Parameters
  delivered: (eventId: string) => boolean
}

/** A resource that can be listed and got. */
export interface Resource {
  /** Below `/v1/`. */
  path: string
  /** As `object` says it. */
  type: string
  /** As errors say it. */
  noun: string
  /** Of restricted keys. */
  permission: string
  table: (book: Book) => Table<Stored>
  filters: string[]
  narrow: (looking: Looking) => Narrowing
  /** Older rows are gone: seconds. */
  keptFor?: number
}

const asTable = (table: unknown): Table<Stored> => table as Table<Stored>

/** Filters that are values of a field, filed in an index of that name. */
function byFields(...names: string[]): Pick<Resource, 'filters' | 'narrow'> {
  return {
    filters: names,
    narrow: ({ given }) => {
      const [first, ...others] = names.flatMap((name) => {
        const value = plain(given, name)
        return value === undefined ? [] : [{ index: name, value }]
      })
      return { ...(first === undefined ? {} : { under: first }), fits: others.map(isEqual) }
    },
  }
}

const isEqual =
  ({ index, value }: { index: string; value: string }) =>
  (row: Stored): boolean =>
    (row as unknown as Record<string, unknown>)[index] === value

export const RESOURCES: Resource[] = [
  {
    path: 'balance_transactions',
    type: 'balance_transaction',
    noun: 'balance transaction',
    permission: 'balance',
    table: (book) => asTable(book.transactions),
    filters: ['payout', 'source', 'type', 'currency'],
    narrow: narrowTransactions,
  },
  {
    path: 'charges',
    type: 'charge',
    noun: 'charge',
    permission: 'charge',
    table: (book) => asTable(book.charges),
    filters: ['customer', 'payment_intent', 'transfer_group'],
    narrow: (looking) => {
      const group = plain(looking.given, 'transfer_group')
      const { narrow } = byFields('customer', 'payment_intent')
      const found = narrow(looking)
      return group === undefined ? found : { ...found, fits: [...found.fits, () => false] }
    },
  },
  {
    path: 'payment_intents',
    type: 'payment_intent',
    noun: 'payment_intent',
    permission: 'payment_intent',
    table: (book) => asTable(book.intents),
    ...byFields('customer'),
  },
  {
    path: 'payouts',
    type: 'payout',
    noun: 'payout',
    permission: 'payout',
    table: (book) => asTable(book.payouts),
    filters: ['arrival_date', 'status', 'destination'],
    narrow: narrowPayouts,
  },
  {
    path: 'refunds',
    type: 'refund',
    noun: 'refund',
    permission: 'refund',
    table: (book) => asTable(book.refunds),
    ...byFields('charge', 'payment_intent'),
  },
  {
    path: 'disputes',
    type: 'dispute',
    noun: 'dispute',
    permission: 'dispute',
    table: (book) => asTable(book.disputes),
    ...byFields('charge', 'payment_intent'),
  },
  {
    path: 'events',
    type: 'event',
    noun: 'event',
    permission: 'event',
    table: (book) => asTable(book.events),
    filters: ['type', 'types', 'delivery_success'],
    narrow: narrowEvents,
    keptFor: 30 * DAY,
  },
  {
    path: 'checkout/sessions',
    type: 'checkout.session',
    noun: 'checkout session',
    permission: 'checkout_session',
    table: (book) => asTable(book.sessions),
    filters: ['payment_intent', 'customer', 'status'],
    narrow: (looking) => {
      const status = oneOf(looking.given, 'status', ['open', 'complete', 'expired'])
      const found = byFields('payment_intent', 'customer').narrow(looking)
      return status === undefined
        ? found
        : { ...found, fits: [...found.fits, isEqual({ index: 'status', value: status })] }
    },
  },
  {
    path: 'customers',
    type: 'customer',
    noun: 'customer',
    permission: 'customer',
    table: (book) => asTable(book.customers),
    ...byFields('email'),
  },
]

/** The permission that an object of this type needs. */
export const permissionOf = (type: string): string =>
  RESOURCES.find((one) => one.type === type)?.permission ?? 'external_account'

function oneOf(given: Parameters, name: string, values: string[]): string | undefined {
  const value = plain(given, name)
  if (value === undefined || values.includes(value)) return value
  throw refuse(400, `Invalid ${name}: must be one of ${values.join(', ')}`, { param: name })
}

/** Stripe itemises automatic payouts only; the words for the others are those of real answers. */
function narrowTransactions(looking: Looking): Narrowing {
  const { book, given } = looking
  const id = plain(given, 'payout')
  const rest = byFields('source', 'type', 'currency').narrow(looking)
  if (id === undefined) return rest
  const payout = book.payouts.get(id)
  if (payout === undefined) throw missing(400, 'payout', id, 'payout')
  if (!payout.automatic) {
    throw refuse(400, 'Balance transaction history can only be filtered on automatic transfers, not manual.', {
      param: 'payout',
    })
  }
  return {
    under: { index: 'payout', value: id },
    fits: [...rest.fits, ...(rest.under === undefined ? [] : [isEqual(rest.under)])],
  }
}

function narrowPayouts({ given }: Looking): Narrowing {
  const status = oneOf(given, 'status', ['pending', 'paid', 'failed', 'canceled'])
  const destination = plain(given, 'destination')
  const { from = 0, to = Infinity } = rangeOf(given, 'arrival_date')
  return {
    fits: [
      (row) => {
        const { arrival_date: arrival } = row as unknown as { arrival_date: number }
        return arrival >= from && arrival <= to
      },
      ...(status === undefined ? [] : [isEqual({ index: 'status', value: status })]),
      ...(destination === undefined ? [] : [isEqual({ index: 'destination', value: destination })]),
    ],
  }
}

function narrowEvents({ given, delivered }: Looking): Narrowing {
  const type = plain(given, 'type')
  const types = given.get('types')?.list
  if (type !== undefined && types !== undefined)
    throw refuse(400, 'You may only specify one of these parameters: type, types.', { param: 'type' })
  if (types !== undefined && types.length > 20) throw refuse(400, 'You may list at most 20 types.', { param: 'types' })
  const success = oneOf(given, 'delivery_success', ['true', 'false'])
  const typeOf = (row: Stored): string => (row as unknown as { type: string }).type
  const fits: ((row: Stored) => boolean)[] = []
  if (success !== undefined) fits.push((row) => delivered(row.id) === (success === 'true'))
  if (types !== undefined) fits.push((row) => types.includes(typeOf(row)))
  if (type === undefined) return { fits }
  if (!type.includes('*')) return { under: { index: 'type', value: type }, fits }
  const parts = type.split('*')
  fits.push((row) => typeOf(row).startsWith(parts[0]!) && typeOf(row).endsWith(parts.at(-1)!))
  return { fits }
}
