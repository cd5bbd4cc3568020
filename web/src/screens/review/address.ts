import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useApi } from '../../app/tenant.tsx'
import type { useDecisions } from './decisions.ts'
import type { Entry } from './entries.ts'
import type { Filters, View } from './filters.ts'
import { transactionQuery } from './queries.ts'

const ADDRESS_MS = 400

/** A line that the address names is shown even if it stands beyond what is loaded, as long as it waits. */
export function useLinked(
  key: string | undefined,
  view: View,
  isLoaded: boolean,
  entries: readonly Entry[],
  setPlaced: ReturnType<typeof useDecisions>['setPlaced'],
): void {
  const payymo = useApi()
  const client = useQueryClient()
  const linked = useRef(key)
  useEffect(() => {
    const wanted = linked.current
    if (!isLoaded || wanted === undefined) return
    linked.current = undefined
    if (!wanted.startsWith('txn_') || entries.some((entry) => entry.key === wanted)) return
    client.fetchQuery(transactionQuery(payymo, wanted)).then(
      ({ status, match_status }) => {
        if (status !== 'processed' || match_status !== view) return
        setPlaced((all) => [...all, { item: { key: wanted, view }, at: 0, gone: false }])
      },
      () => {},
    )
  }, [client, payymo, view, isLoaded, entries, setPlaced])
}

/** Where the reader stands goes into the address once it has settled, so that moving stays quick. */
export function useAddress(filters: Filters, key: string | undefined): void {
  const navigate = useNavigate()
  useEffect(() => {
    if (key === filters.item) return
    const timer = setTimeout(() => {
      const { item: _, ...rest } = filters
      void navigate({ to: '/review', replace: true, search: key === undefined ? rest : { ...rest, item: key } })
    }, ADDRESS_MS)
    return () => clearTimeout(timer)
  }, [filters, key, navigate])
}
