import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'

/** A pairing code that was just made: it is shown once, and is kept in this page's memory only. */
export function usePairingCode(id: string): {
  code: string | undefined
  keep: (code: string | null | undefined) => void
} {
  const client = useQueryClient()
  const queryKey = ['pairing-code', id]
  const { data } = useQuery<string>({ queryKey, queryFn: skipToken, staleTime: Infinity })
  return { code: data, keep: (code) => keepPairingCode(client, id, code) }
}

export function keepPairingCode(
  client: ReturnType<typeof useQueryClient>,
  id: string,
  code: string | null | undefined,
): void {
  if (code != null) client.setQueryData(['pairing-code', id], code)
}
