import type { Invoice, InvoiceMatch, MatchCandidates, Payment, Payymo, Transaction } from '@payymo/sdk'
import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { type Proposal, proposalsOf } from './proposals.ts'
import type { Item } from './queue.ts'
import { candidatesQuery, invoiceQuery, matchQuery, paymentQuery, standingQuery, transactionQuery } from './queries.ts'

export type { Allocation } from './proposals.ts'

/** Everything about one item that its reader needs; what is not there yet is undefined. */
export interface Work {
  transaction: Transaction | undefined
  match: InvoiceMatch | undefined
  payment: Payment | undefined
  candidates: MatchCandidates | undefined
  proposals: Proposal[]
  invoices: ReadonlyMap<string, Invoice>
  isPending: boolean
  error: unknown
}

const AHEAD_MS = 60
/** Of the rivals of items that come next, these are fetched before they are shown. */
const RIVALS_AHEAD = 3
export const RULED_OUT_SHOWN = 6

export const isPaymentItem = ({ view }: Item): boolean => view === 'quarantined' || view === 'reversals'
const stateOf = ({ view }: Item): 'suggested' | 'failed' => (view === 'failed' ? 'failed' : 'suggested')

export function useWork(item: Item | undefined): Work {
  const payymo = useApi()
  const key = item?.key ?? ''
  const pays = item !== undefined && isPaymentItem(item)
  const payment = useQuery({ ...paymentQuery(payymo, key), enabled: pays })
  const paid = useQuery({ ...matchQuery(payymo, payment.data?.match_id ?? ''), enabled: payment.data !== undefined })
  const transactionId = pays ? (paid.data?.transaction_id ?? '') : key
  const transaction = useQuery({ ...transactionQuery(payymo, transactionId), enabled: transactionId !== '' })
  const waits = item !== undefined && !pays
  const standing = useQuery({
    ...standingQuery(payymo, transactionId, item ? stateOf(item) : 'suggested'),
    enabled: waits && transactionId !== '',
  })
  const candidates = useQuery({ ...candidatesQuery(payymo, transactionId), enabled: waits && transactionId !== '' })
  const match = (pays ? paid.data : standing.data) ?? undefined
  const proposals = useMemo(() => proposalsOf(match, candidates.data), [match, candidates.data])
  const ids = useMemo(() => [...new Set(idsOf(proposals, candidates.data))], [proposals, candidates.data])
  const invoices = useQueries({
    queries: ids.map((id) => invoiceQuery(payymo, id)),
    combine: (all) => new Map(all.flatMap(({ data }) => (data ? [[data.id, data] as const] : []))),
  })
  const parts = pays ? [payment, paid, transaction] : [transaction, standing]
  return {
    transaction: transaction.data,
    match,
    payment: payment.data,
    candidates: candidates.data,
    proposals,
    invoices,
    isPending: item !== undefined && parts.some(({ data, isError }) => data === undefined && !isError),
    error: parts.find(({ isError, data }) => isError && data === undefined)?.error,
  }
}

const idsOf = (proposals: readonly Proposal[], candidates: MatchCandidates | undefined): string[] => [
  ...proposals.flatMap(({ allocations }) => allocations.map(({ invoice_id }) => invoice_id)),
  ...(candidates?.ruled_out ?? []).slice(0, RULED_OUT_SHOWN).map(({ invoice_id }) => invoice_id),
]

/** Fetches what the next items need before they are looked at, so that they stand there at once. */
export function useAhead(items: readonly Item[]): void {
  const payymo = useApi()
  const client = useQueryClient()
  const keys = items.map(({ key }) => key).join(' ')
  useEffect(() => {
    // What is looked at is drawn first.
    const timer = setTimeout(() => {
      for (const item of items) void ahead(client, payymo, item).catch(() => {})
    }, AHEAD_MS)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the same items are fetched once
  }, [client, payymo, keys])
}

async function ahead(client: QueryClient, payymo: Payymo, item: Item): Promise<void> {
  if (isPaymentItem(item)) {
    const payment = await client.ensureQueryData(paymentQuery(payymo, item.key))
    const match = await client.ensureQueryData(matchQuery(payymo, payment.match_id))
    await Promise.all([
      client.ensureQueryData(transactionQuery(payymo, match.transaction_id)),
      client.ensureQueryData(invoiceQuery(payymo, payment.invoice_id)),
    ])
    return
  }
  const [, match, candidates] = await Promise.all([
    client.ensureQueryData(transactionQuery(payymo, item.key)),
    client.ensureQueryData(standingQuery(payymo, item.key, stateOf(item))),
    client.ensureQueryData(candidatesQuery(payymo, item.key)),
  ])
  const ids = idsOf(proposalsOf(match ?? undefined, candidates).slice(0, RIVALS_AHEAD + 1), undefined)
  await Promise.all([...new Set(ids)].map((id) => client.ensureQueryData(invoiceQuery(payymo, id))))
}
