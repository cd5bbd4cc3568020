import type { Client, Payymo } from '@payymo/sdk'
import { type QueryClient, queryOptions } from '@tanstack/react-query'

/** What of a client every invoice carries; who paid for them before is in the list of clients only. */
export type KnownClient = Pick<Client, 'id' | 'external_id' | 'name' | 'company' | 'email'> &
  Partial<Pick<Client, 'payers' | 'created_at'>>

/** One client. The API lists clients and does not give one by its id: the invoices name the client, and the list then has them by
 *  the id of the billing system. Null for one that has no invoice and was in no list here. */
export const clientQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['clients', 'one', id],
    queryFn: async ({ signal }): Promise<KnownClient | null> => {
      const invoices = await payymo.invoices.list({ client_id: id, per_page: 1 }, { signal })
      const named = invoices.data[0]?.client
      if (!named) return null
      const listed = await payymo.clients.list({ external_id: named.external_id, per_page: 100 }, { signal })
      return listed.data.find((client) => client.id === id) ?? named
    },
    staleTime: 300_000,
  })

/** Keeps what a list showed, so that what is opened from it stands there at once. */
export function keepClient(client: QueryClient, row: Client): void {
  client.setQueryData<KnownClient | null>(['clients', 'one', row.id], row)
}
