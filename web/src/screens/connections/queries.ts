import type { Payymo } from '@payymo/sdk'
import { queryOptions } from '@tanstack/react-query'

export const bankQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['bank-connections', 'one', id],
    queryFn: ({ signal }) => payymo.bankConnections.get(id, { signal }),
    // Until the bank has confirmed, the server asks it every minute.
    refetchInterval: ({ state: { data } }) => (data?.status === 'pending' ? 5_000 : false),
  })

export const bankAccountsQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['bank-accounts', id],
    queryFn: ({ signal }) => payymo.bankAccounts.list({ bank_connection_id: id, per_page: 100 }, { signal }),
  })

/** The newest reads; every second while one is under way. */
export const syncsQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['bank-connections', 'syncs', id],
    queryFn: ({ signal }) => payymo.bankConnections.listSyncs(id, { per_page: 10 }, { signal }),
    refetchInterval: ({ state: { data } }) => (isUnderWay(data?.data[0]) ? 1_000 : false),
  })

export const isUnderWay = (sync: { status: string } | undefined): boolean =>
  sync?.status === 'queued' || sync?.status === 'running'

/** The first banks of a country that are called so; they seldom change. */
export const institutionsQuery = (payymo: Payymo, country: string, q: string) =>
  queryOptions({
    queryKey: ['institutions', country, q],
    queryFn: ({ signal }) =>
      payymo.institutions.list({ country, per_page: 50, sort: 'name', ...(q === '' ? {} : { q }) }, { signal }),
    staleTime: 3_600_000,
  })

export const whmcsQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['whmcs-instances', 'one', id],
    queryFn: ({ signal }) => payymo.whmcsInstances.get(id, { signal }),
    // While it is set up, the module or the first reading may come at any moment; nothing is said of that.
    refetchInterval: ({ state: { data } }) =>
      data && data.status !== 'disconnected' && (data.mirrored_at === null || data.verified_at === null)
        ? 5_000
        : false,
  })

export const stripeQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['stripe-connections', 'one', id],
    queryFn: ({ signal }) => payymo.stripeConnections.get(id, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'pending' || (data?.status === 'active' && data.last_sync_at === null) ? 3_000 : false,
  })
