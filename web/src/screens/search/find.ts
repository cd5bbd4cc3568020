import type { Client, Invoice, ListedPayout, Payymo, Transaction } from '@payymo/sdk'
import { readTyped } from '../../design/money.ts'

/** What was found, as a line of a list: where it leads, what it is, and what tells it from others. */
export interface Hit {
  key: string
  kind: 'screens' | 'transactions' | 'invoices' | 'clients' | 'payouts'
  title: string
  about: string
  /** Money at the end of the line. */
  amount?: { amount: string; currency: string }
  go: { to: '/transactions/$id' | '/invoices/$id' | '/clients/$id' | '/payouts/$id'; id: string } | { to: string }
}

export interface Namer {
  day: (time: string) => string
  unknownPayer: string
  payout: string
}

const EACH = 5

/** An id that is typed or pasted leads straight to its page. */
const PAGES = { txn: '/transactions/$id', inv: '/invoices/$id', cli: '/clients/$id', pout: '/payouts/$id' } as const

export function hitOfId(typed: string): Hit | undefined {
  const found = /^(txn|inv|cli|pout)_[0-9a-z]{26}$/.exec(typed.trim())
  if (!found) return undefined
  const to = PAGES[found[1] as keyof typeof PAGES]
  return { key: found[0], kind: 'screens', title: found[0], about: '', go: { to, id: found[0] } }
}

/** The first few of each resource that fit, by words, by an amount, or by the id of a payment in the billing system. A resource that
 *  cannot be searched now, or that the reader may not see, finds nothing; throws when that holds for all. */
export async function find(payymo: Payymo, q: string, namer: Namer, signal: AbortSignal): Promise<Hit[]> {
  const page = { per_page: EACH }
  const amount = readTyped(q, 2)
  const nothing = Promise.resolve<Hit[]>([])
  const readings = [
    byReference(payymo, q, namer, signal),
    payymo.invoices
      .list({ q, ...page, sort: '-issued_on' }, { signal })
      .then(({ data }) => data.map((row) => ofInvoice(row))),
    amount === undefined
      ? nothing
      : payymo.invoices
          .list({ total: amount, ...page, sort: '-issued_on' }, { signal })
          .then(({ data }) => data.map((row) => ofInvoice(row))),
    payymo.transactions
      .list({ q, ...page, sort: '-transaction_date' }, { signal })
      .then(({ data }) => data.map((row) => ofLine(row, namer))),
    amount === undefined
      ? nothing
      : payymo.transactions
          .list({ amount, ...page, sort: '-transaction_date' }, { signal })
          .then(({ data }) => data.map((row) => ofLine(row, namer))),
    payymo.clients.list({ q, ...page, sort: 'name' }, { signal }).then(({ data }) => data.map((row) => ofClient(row))),
    payymo.payouts
      .list({ q, ...page, sort: '-arrival_date' }, { signal })
      .then(({ data }) => data.map((row) => ofPayout(row, namer))),
  ]
  const found = await Promise.allSettled(readings)
  const failed = found.filter((one) => one.status === 'rejected')
  const hits = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  // What is not asked for is neither a finding nor a failure.
  if (hits.length === 0 && failed.length >= RESOURCES) throw failed[0]!.reason
  return [...new Map(hits.map((hit) => [hit.key, hit])).values()]
}

const RESOURCES = 4

/** The line behind a payment that stands under this id in the billing system. */
async function byReference(payymo: Payymo, q: string, namer: Namer, signal: AbortSignal): Promise<Hit[]> {
  if (!/^PYM-[A-Z2-7]{26}$/i.test(q)) return []
  const { data } = await payymo.payments.list({ transaction_reference: q.toUpperCase(), per_page: 1 }, { signal })
  if (!data[0]) return []
  const match = await payymo.invoiceMatches.get(data[0].match_id, { signal })
  return [ofLine(await payymo.transactions.get(match.transaction_id, {}, { signal }), namer)]
}

const ofInvoice = (row: Invoice): Hit => ({
  key: row.id,
  kind: 'invoices',
  title: row.number || row.external_id,
  about: row.client.company || row.client.name,
  amount: { amount: row.total, currency: row.currency },
  go: { to: '/invoices/$id', id: row.id },
})

const ofLine = (row: Transaction, namer: Namer): Hit => ({
  key: row.id,
  kind: 'transactions',
  title: row.counterparty.name || namer.unknownPayer,
  about: [namer.day(row.transaction_date), row.description || row.reference].filter(Boolean).join(' · '),
  amount: { amount: row.direction === 'debit' ? `-${row.amount}` : row.amount, currency: row.currency },
  go: { to: '/transactions/$id', id: row.id },
})

const ofClient = (row: Client): Hit => ({
  key: row.id,
  kind: 'clients',
  title: row.company || row.name,
  about: [row.company === '' ? '' : row.name, row.email].filter(Boolean).join(' · '),
  go: { to: '/clients/$id', id: row.id },
})

const ofPayout = (row: ListedPayout, namer: Namer): Hit => ({
  key: row.id,
  kind: 'payouts',
  title: namer.payout,
  about: [namer.day(row.arrival_date), row.trace_id ?? row.external_id].join(' · '),
  amount: { amount: row.amount, currency: row.currency },
  go: { to: '/payouts/$id', id: row.id },
})

/** Screens whose name holds a word that begins with what was typed; all of them for nothing typed. */
export function findScreens(screens: readonly { to: string; label: string }[], typed: string): Hit[] {
  const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const sought = plain(typed.trim())
  return screens
    .filter(
      ({ label }) =>
        sought === '' ||
        plain(label)
          .split(/[\s-]+/)
          .some((word) => word.startsWith(sought)),
    )
    .map(({ to, label }) => ({ key: to, kind: 'screens', title: label, about: '', go: { to } }))
}
