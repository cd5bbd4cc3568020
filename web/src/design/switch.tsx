import { Switch as Radix } from 'radix-ui'
import { useId } from 'react'

export function Switch({
  label,
  hint,
  checked,
  onChange,
  disabled = false,
}: {
  label: string
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint !== undefined && <p className="text-sm text-faint">{hint}</p>}
      </div>
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-[state=checked]:border-transparent data-[state=checked]:bg-brand disabled:opacity-55"
      >
        <Radix.Thumb className="block size-4.5 translate-x-0.5 rounded-full bg-text transition-transform data-[state=checked]:translate-x-[1.2rem] data-[state=checked]:bg-brand-text" />
      </Radix.Root>
    </div>
  )
}
