import type { Payymo } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { readableOn } from './colour.ts'
import { useSeat } from './tenant.tsx'

export const tenantQuery = (payymo: Payymo, id: string) => ({
  queryKey: ['tenant', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => payymo.tenants.get(id, { signal }),
})

/** Name, colour and logo of the tenant, from the first screen on. */
export function useBranding(): { productName: string; logoUrl: string } {
  const { payymo, tenant } = useSeat()
  const { data } = useQuery(tenantQuery(payymo, tenant.id))
  const colour = data?.branding.primary_color
  useEffect(() => {
    if (colour == null) return
    const { style } = document.documentElement
    style.setProperty('--brand', colour)
    style.setProperty('--brand-text', readableOn(colour))
    return () => {
      style.removeProperty('--brand')
      style.removeProperty('--brand-text')
    }
  }, [colour])
  return { productName: data?.branding.product_name ?? 'Payymo', logoUrl: data?.branding.logo_url ?? '/icon.svg' }
}
