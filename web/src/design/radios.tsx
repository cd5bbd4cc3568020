import { useId } from 'react'
import { classes } from './classes.ts'

/** One of a few, each with what it means. */
export function Radios<T extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
}: {
  label: string
  value: T
  options: readonly { value: T; label: string; hint?: string; disabled?: boolean }[]
  onChange: (value: T) => void
  disabled?: boolean
}) {
  const name = useId()
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="overflow-hidden rounded-lg border border-line">
        {options.map((option) => {
          const off = disabled || option.disabled === true
          return (
            <label
              key={option.value}
              className={classes(
                'flex items-start gap-2.5 border-b border-line px-3 py-2.5 last:border-0 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus',
                off ? 'opacity-55' : 'cursor-pointer hover:bg-sunken',
                option.value === value && 'bg-sunken',
              )}
            >
              <input
                type="radio"
                name={name}
                value={option.value}
                checked={option.value === value}
                disabled={off}
                onChange={() => onChange(option.value)}
                aria-describedby={option.hint === undefined ? undefined : `${name}-${option.value}`}
                className="mt-1 size-4 shrink-0 accent-(--brand) outline-none"
              />
              <span className="min-w-0">
                <span className="block font-medium">{option.label}</span>
                {option.hint !== undefined && (
                  <span id={`${name}-${option.value}`} className="block text-sm text-soft">
                    {option.hint}
                  </span>
                )}
              </span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
