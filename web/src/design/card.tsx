import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export const Card = ({
  title,
  action,
  children,
  className,
}: {
  title?: ReactNode
  action?: ReactNode
  children: ReactNode
  className?: string
}) => (
  <section className={classes('rounded-xl border border-line bg-surface', className)}>
    {(title !== undefined || action !== undefined) && (
      <header className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2">
        <h2 className="text-base font-semibold">{title}</h2>
        {action}
      </header>
    )}
    {children}
  </section>
)
