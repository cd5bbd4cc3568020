import type { Book } from '../ledger/book.ts'
import type { Stored } from '../ledger/table.ts'
import { CONSTANT_FIELDS } from './constant-fields.ts'
import { NOTHING, type Tree } from './expand.ts'

/** From where the objects are looked at. */
export interface View {
  book: Book
  /** Unix seconds. */
  now: number
  /** Whether events name the account: on answers and deliveries to a platform. */
  namesAccount: boolean
  /** Throws when the key may not see objects of this type. */
  mayExpand: (type: string) => void
  pendingWebhooks: (eventId: string) => number
}

type Fields = Record<string, unknown>

/** The JSON of an object: money as numbers, ids expanded where the tree says so. */
export function render(view: View, object: object, tree: Tree = NOTHING): unknown {
  const shown = shape(view, object as Fields, tree)
  const json: Fields = { ...CONSTANT_FIELDS[String(shown['object'])] }
  for (const [name, value] of Object.entries(shown)) {
    const below = tree[name]
    json[name] = below !== undefined && typeof value === 'string' ? expanded(view, value, below) : plain(value)
  }
  return json
}

function expanded(view: View, id: string, below: Tree): unknown {
  const found = view.book.find(id) as (Stored & { object: string }) | undefined
  if (found === undefined) return id
  view.mayExpand(found.object)
  return render(view, found, below)
}

/** Money never leaves as bigint; all amounts here are far below 2^53. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}

/** The fields that are not kept but follow from something. */
function shape(view: View, object: Fields, tree: Tree): Fields {
  const { book } = view
  switch (object['object']) {
    case 'balance_transaction':
      return { ...object, status: (object['available_on'] as number) <= view.now ? 'available' : 'pending' }
    case 'dispute':
      return {
        ...object,
        balance_transactions: (object['balance_transactions'] as string[]).map((id) =>
          render(view, book.transactions.get(id)!),
        ),
      }
    case 'charge':
      return tree['refunds'] === undefined ? object : { ...object, refunds: refundsOf(view, object['id'] as string) }
    case 'checkout.session': {
      const { line_items: line, ...shown } = object
      return tree['line_items'] === undefined ? shown : { ...shown, line_items: lineItems(object, line as string) }
    }
    case 'event':
      return eventShape(view, object)
    default:
      return object
  }
}

function eventShape(view: View, event: Fields): Fields {
  const { account, ...rest } = event
  const data = event['data'] as { object: object; previous_attributes?: unknown }
  return {
    ...rest,
    ...(view.namesAccount ? { account } : {}),
    data: {
      object: render(view, data.object),
      ...(data.previous_attributes === undefined ? {} : { previous_attributes: data.previous_attributes }),
    },
    pending_webhooks: view.pendingWebhooks(event['id'] as string),
  }
}

function refundsOf(view: View, charge: string): Fields {
  const rows = view.book.refunds.under('charge', charge).toReversed()
  return {
    object: 'list',
    data: rows.map((row) => render(view, row)),
    has_more: false,
    url: `/v1/charges/${charge}/refunds`,
  }
}

function lineItems(session: Fields, text: string): Fields {
  const amount = session['amount_total']
  const item = {
    id: `li_${String(session['id']).slice(-20)}`,
    object: 'item',
    amount_subtotal: amount,
    amount_total: amount,
    currency: session['currency'],
    description: text,
    quantity: 1,
  }
  return {
    object: 'list',
    data: [item],
    has_more: false,
    url: `/v1/checkout/sessions/${String(session['id'])}/line_items`,
  }
}
