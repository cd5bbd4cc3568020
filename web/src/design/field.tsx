import { type ComponentProps, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react'
import { classes } from './classes.ts'

const BOX =
  'min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3 text-base text-text placeholder:text-faint disabled:opacity-60 aria-invalid:border-bad'

/** A labelled place to type, with its hint and what is wrong with what stands in it. */
export function Field({
  label,
  hint,
  fault,
  className,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: ReactNode; fault?: string | undefined }) {
  const id = useId()
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={
          classes(hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`) || undefined
        }
        className={BOX}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-faint">
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}

export function Choice({
  label,
  hidden = false,
  className,
  children,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { label: string; hidden?: boolean }) {
  const id = useId()
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className={hidden ? 'sr-only' : 'text-sm font-medium'}>
        {label}
      </label>
      <select {...rest} id={id} className={classes(BOX, 'pr-8')}>
        {children}
      </select>
    </div>
  )
}

export function SearchField({ label, ...rest }: ComponentProps<'input'> & { label: string }) {
  return <input {...rest} type="search" aria-label={label} className={BOX} />
}
