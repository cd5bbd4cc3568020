import type { Payymo } from '@payymo/sdk'

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

/** The first few of each resource that fit; a resource that cannot be searched now, or that the reader may not see, finds nothing. */
export async function find(payymo: Payymo, q: string, namer: Namer, signal: AbortSignal): Promise<Hit[]> {
  const query = { q, per_page: EACH }
  const found = await Promise.allSettled([
    payymo.invoices.list({ ...query, sort: '-issued_on' }, { signal }).then(({ data }) =>
      data.map(
        (row): Hit => ({
          key: row.id,
          kind: 'invoices',
          title: row.number || row.external_id,
          about: row.client.company || row.client.name,
          amount: { amount: row.total, currency: row.currency },
          go: { to: '/invoices/$id', id: row.id },
        }),
      ),
    ),
    payymo.transactions.list({ ...query, sort: '-transaction_date' }, { signal }).then(({ data }) =>
      data.map(
        (row): Hit => ({
          key: row.id,
          kind: 'transactions',
          title: row.counterparty.name || namer.unknownPayer,
          about: [namer.day(row.transaction_date), row.description || row.reference].filter(Boolean).join(' · '),
          amount: { amount: row.direction === 'debit' ? `-${row.amount}` : row.amount, currency: row.currency },
          go: { to: '/transactions/$id', id: row.id },
        }),
      ),
    ),
    payymo.clients.list({ ...query, sort: 'name' }, { signal }).then(({ data }) =>
      data.map(
        (row): Hit => ({
          key: row.id,
          kind: 'clients',
          title: row.company || row.name,
          about: [row.company === '' ? '' : row.name, row.email].filter(Boolean).join(' · '),
          go: { to: '/clients/$id', id: row.id },
        }),
      ),
    ),
    payymo.payouts.list({ ...query, sort: '-arrival_date' }, { signal }).then(({ data }) =>
      data.map(
        (row): Hit => ({
          key: row.id,
          kind: 'payouts',
          title: namer.payout,
          about: [namer.day(row.arrival_date), row.trace_id ?? row.external_id].join(' · '),
          amount: { amount: row.amount, currency: row.currency },
          go: { to: '/payouts/$id', id: row.id },
        }),
      ),
    ),
  ])
  if (found.every(({ status }) => status === 'rejected')) throw (found[0] as PromiseRejectedResult).reason
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
}

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
