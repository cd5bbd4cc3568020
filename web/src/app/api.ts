import { Payymo, PayymoError } from '@payymo/sdk'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { accessToken, AuthError } from './session.ts'

/** The API as the signed-in person sees one tenant. */
export const openApi = (tenantId: string): Payymo =>
  new Payymo({ baseUrl: '', apiKey: ({ refused }) => accessToken(tenantId, refused), timeoutMs: 30_000 })

/** Whether a call failed because nobody is signed in any more. */
const isSignedOut = (error: unknown): boolean =>
  (error instanceof AuthError || error instanceof PayymoError) && error.status === 401

/** What is shown is at most half a minute old; live updates make it younger. `onSignedOut`: the session ended while the page was
 *  open. */
export const createQueryClient = (onSignedOut: () => void): QueryClient => {
  const onError = (error: unknown) => isSignedOut(error) && onSignedOut()
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // The SDK tries again by itself.
        retry: false,
        refetchOnWindowFocus: true,
      },
    },
  })
}
