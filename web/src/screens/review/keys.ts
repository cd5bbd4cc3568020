import { useEffect, useRef, useState } from 'react'

const KEPT = 'payymo.review.keys'

/** Whether single keys do things; who dictates or types by accident can switch them off (WCAG 2.1.4). */
export function useKeysOn(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) !== 'off')
  return [
    on,
    (next) => {
      localStorage.setItem(KEPT, next ? 'on' : 'off')
      setOn(next)
    },
  ]
}

/** Keys that may be held down. */
const MOVES = new Set(['j', 'k'])

/** Calls what a key stands for. Never while something is typed, chosen or open, nor for a key that is held down: one press, one
 *  decision. */
export function useKeys(on: boolean, keys: Record<string, (() => void) | undefined>): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (event.repeat && !MOVES.has(event.key)) return
      if (isTaken(event.target, event.key)) return
      const act = current.current[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [on])
}

function isTaken(target: EventTarget | null, key: string): boolean {
  if (document.querySelector('dialog[open], [role=menu]')) return true
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('input, textarea, select')) return true
  // Enter belongs to the button or link that has the focus.
  return key === 'Enter' && target.closest('button, a') !== null
}
