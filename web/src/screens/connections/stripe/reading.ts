import type { StripeConnection } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

const LOOK_MS = 1_500
/** A read of a large account goes on behind the page; the button is then free again. */
const LOOK_MS_MAX = 90_000

/** Follows a read that was asked for until the account says that it was read since, or that it could not be. */
export function useReading(connection: StripeConnection | undefined): { reading: boolean; begin: () => void } {
  const client = useQueryClient()
  const [asked, setAsked] = useState<{ readAt: string | null }>()
  const now = connection?.last_sync_at ?? null
  const reading = asked !== undefined && asked.readAt === now && connection?.status === 'active'
  useEffect(() => {
    if (!reading) return
    const look = setInterval(() => void client.invalidateQueries({ queryKey: ['stripe-connections'] }), LOOK_MS)
    const end = setTimeout(() => setAsked(undefined), LOOK_MS_MAX)
    return () => {
      clearInterval(look)
      clearTimeout(end)
    }
  }, [reading, client])
  return { reading, begin: () => setAsked({ readAt: now }) }
}
