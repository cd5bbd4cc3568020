import type { Invoice } from '@payymo/sdk'
import { useQueries } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'
import { invoiceQuery } from '../review/queries.ts'

const FRESH_MS = 300_000

/** Invoices that other resources name by id; those that are not there yet are missing. */
export function useInvoices(ids: readonly string[]): ReadonlyMap<string, Invoice> {
  const payymo = useApi()
  return useQueries({
    queries: [...new Set(ids)].map((id) => ({ ...invoiceQuery(payymo, id), staleTime: FRESH_MS })),
    combine: (all) => new Map(all.flatMap(({ data }) => (data ? [[data.id, data] as const] : []))),
  })
}
