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
  useColour(data?.branding.primary_color)
  return { productName: data?.branding.product_name ?? 'Payymo', logoUrl: data?.branding.logo_url ?? '/icon.svg' }
}

interface Look {
  product_name: string
  logo_url: string | null
  primary_color: string | null
}

/** The same before anybody has signed in: by the host name in the address. Without an answer it looks like ours. */
export function useLook(): { productName: string; logoUrl: string } {
  const { data } = useQuery({
    queryKey: ['session', 'look'],
    queryFn: async ({ signal }): Promise<Look | null> => {
      const response = await fetch('/auth/pages/look', { signal })
      return response.ok ? ((await response.json()) as Look) : null
    },
    staleTime: Infinity,
  })
  useColour(data?.primary_color)
  return { productName: data?.product_name ?? 'Payymo', logoUrl: data?.logo_url ?? '/icon.svg' }
}

/** Everything in the colour of the tenant, and what stands on it readable. */
function useColour(colour: string | null | undefined): void {
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
}
