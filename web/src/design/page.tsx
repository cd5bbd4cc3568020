import type { ReactNode } from 'react'
import { useEffect } from 'react'

/** A screen: its name (also that of the browser's tab), what can be done on all of it, and its content. */
export function Page({
  title,
  back,
  actions,
  children,
}: {
  title: string
  /** The way to the list this stands in. */
  back?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6">
      {back !== undefined && <nav className="mb-2 text-sm">{back}</nav>}
      <header className="mb-5 flex flex-wrap items-center justify-between gap-3">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
