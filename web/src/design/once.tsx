import { KeyRound } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from './button.tsx'
import { CopyText } from './copy.tsx'

/** A secret that is shown once. It stands in the page and not in a window, so that no stray key or click loses it. */
export function Once({
  title,
  text,
  secrets,
  done,
  onDone,
}: {
  title: string
  text: ReactNode
  secrets: readonly { label: string; value: string }[]
  done: string
  onDone: () => void
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="mb-4 rounded-xl border border-warn bg-warn-soft p-4 sm:p-5">
      <div className="flex items-start gap-3">
        <KeyRound aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <div className="min-w-0 flex-1">
          <h2 ref={heading} tabIndex={-1} className="text-base font-semibold outline-none">
            {title}
          </h2>
          <p className="text-sm">{text}</p>
        </div>
      </div>
      <div className="mt-3 flex flex-col gap-3 sm:pl-8">
        {secrets.map(({ label, value }) => (
          <div key={label} className="flex flex-col gap-1">
            {secrets.length > 1 && <span className="text-sm font-medium">{label}</span>}
            <CopyText text={value} label={label} />
          </div>
        ))}
        <Button className="self-start" onClick={onDone}>
          {done}
        </Button>
      </div>
    </section>
  )
}
