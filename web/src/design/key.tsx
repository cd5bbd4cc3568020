import type { ReactNode } from 'react'

/** A key of the keyboard, as print on it. */
export const Key = ({ children }: { children: ReactNode }) => (
  <kbd className="ml-0.5 inline-flex h-5 min-w-5 items-center justify-center rounded border border-line-strong bg-sunken px-1 font-mono text-xs text-soft max-sm:hidden">
    {children}
  </kbd>
)
