import type { Payymo } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
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

/** Black or white, whichever has more contrast on the colour. Source: WCAG 2.2, relative luminance. */
export function readableOn(colour: string): string {
  const digits = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (!digits) return '#ffffff'
  const [red, green, blue] = digits.slice(1).map((pair) => {
    const share = Number.parseInt(pair, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff'
}
