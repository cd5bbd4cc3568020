import type { Client, ClientDetails, Payymo } from '@payymo/sdk'
import { type QueryClient, queryOptions } from '@tanstack/react-query'

/** One client. What a list showed stands there while the rest is fetched. */
export const clientQuery = (payymo: Payymo, client: QueryClient, id: string) =>
  queryOptions({
    queryKey: ['clients', 'one', id],
    queryFn: ({ signal }) => payymo.clients.get(id, { signal }),
    placeholderData: (): ClientDetails | undefined => {
      const listed = client.getQueryData<Client>(['clients', 'listed', id])
      return listed && { ...listed, whmcs_instance_id: null, money: [] }
    },
  })

/** Keeps what a list showed, so that what is opened from it stands there at once. */
export function keepClient(client: QueryClient, row: Client): void {
  client.setQueryData<Client>(['clients', 'listed', row.id], row)
}
