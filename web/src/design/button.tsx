import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'
import { Key } from './key.tsx'

export type Weight = 'primary' | 'plain' | 'quiet' | 'danger'

const WEIGHTS: Record<Weight, string> = {
  primary: 'bg-brand text-brand-text border-transparent hover:brightness-110 active:brightness-95',
  plain: 'bg-surface text-text border-line-strong hover:bg-sunken',
  quiet: 'bg-transparent text-soft border-transparent hover:bg-sunken hover:text-text',
  danger: 'bg-surface text-bad border-line-strong hover:bg-bad-soft',
}

/** One size everywhere, tall enough for a finger; `busy` keeps its width, and says so to those who listen. */
export function Button({
  weight = 'plain',
  busy = false,
  icon,
  shortcut,
  children,
  className,
  disabled,
  ...rest
}: ComponentProps<'button'> & {
  weight?: Weight
  busy?: boolean
  icon?: ReactNode
  shortcut?: string
}) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      aria-keyshortcuts={shortcut}
      className={classes(
        'inline-flex min-h-9 items-center justify-center gap-2 rounded-lg border px-3 text-base font-medium whitespace-nowrap transition-colors disabled:opacity-55',
        WEIGHTS[weight],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      {children}
      {shortcut !== undefined && <Key>{shortcut}</Key>}
    </button>
  )
}

export const Spinner = () => (
  <span
    aria-hidden
    className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent opacity-70"
  />
)
