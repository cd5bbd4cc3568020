import { type TextareaHTMLAttributes, useId } from 'react'
import { classes } from './classes.ts'

/** A labelled place to type several lines, as `Field` is for one. */
export function Area({
  label,
  hint,
  fault,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { label: string; hint?: string; fault?: string | undefined }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        rows={3}
        {...rest}
        id={id}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={
          classes(hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`) || undefined
        }
        className="w-full rounded-lg border border-line-strong bg-surface px-3 py-2 text-base text-text placeholder:text-faint disabled:opacity-60 aria-invalid:border-bad"
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
