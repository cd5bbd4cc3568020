import { useState } from 'react'

/** The reader's day. */
export function todayOf(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** The day on which the screen was opened, as `2025-04-10`. */
export const useToday = (): string => useState(() => todayOf(new Date()))[0]
