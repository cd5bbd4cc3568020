import { PayymoError } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { tenantQuery } from './branding.ts'
import { useSeat } from './tenant.tsx'

/** What the company looked at is: the operator's own, a partner with companies of its own, or a customer. The operator's is no
 *  resource of the API, so reading it answers 404. Undefined until it is known. */
export function useStanding(): 'operator' | 'partner' | 'customer' | undefined {
  const { payymo, tenant } = useSeat()
  const { data, error } = useQuery(tenantQuery(payymo, tenant.id))
  if (data) return data.kind
  return error instanceof PayymoError && error.status === 404 ? 'operator' : undefined
}
