import { type ReactNode, useEffect, useId, useRef } from 'react'
import { classes } from './classes.ts'

/** A box to tick. `some`: part of what it stands for is ticked. */
export function Check({
  label,
  hint,
  checked,
  some = false,
  onChange,
  disabled = false,
  hidden = false,
}: {
  label: ReactNode
  hint?: ReactNode
  checked: boolean
  some?: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  hidden?: boolean
}) {
  const id = useId()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = some && !checked
  }, [some, checked])
  return (
    <div className={classes('flex items-start gap-2.5', hidden && 'justify-center')}>
      <input
        ref={box}
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="my-1 size-4 shrink-0 accent-(--brand)"
      />
      <div className={hidden ? 'sr-only' : 'min-w-0'}>
        <label htmlFor={id} className={classes('block min-h-6 py-0.5', disabled && 'text-faint')}>
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-sm text-faint">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
