import { useEffect, useState } from 'react'

/** Where banks and Stripe send the browser back to. */
export const comeBackTo = (): string => `${location.origin}/connections`

/** Leaves for the pages of a bank or of Stripe. Whoever comes back with the browser's own button finds the page usable again. */
export function useLeaving(): { leaving: boolean; leave: (url: string) => void } {
  const [leaving, setLeaving] = useState(false)
  useEffect(() => {
    const back = (event: PageTransitionEvent) => event.persisted && setLeaving(false)
    addEventListener('pageshow', back)
    return () => removeEventListener('pageshow', back)
  }, [])
  const leave = (url: string) => {
    setLeaving(true)
    location.assign(url)
  }
  return { leaving, leave }
}
