import { Check, Copy as CopyIcon } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../app/words.tsx'

/** A text to take away: shown whole, copied by one press. For what is shown once it is the only place it stands. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  return (
    <div className="flex items-stretch gap-2">
      <output
        aria-label={label}
        className="min-w-0 flex-1 rounded-lg border border-line-strong bg-sunken px-3 py-2 font-mono text-sm break-all select-all"
      >
        {text}
      </output>
      <button
        type="button"
        className="inline-flex w-10 shrink-0 items-center justify-center rounded-lg border border-line-strong hover:bg-sunken"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(() => {
            setCopied(true)
            setTimeout(() => setCopied(false), 2_000)
          })
        }
      >
        {copied ? <Check aria-hidden className="size-4 text-good" /> : <CopyIcon aria-hidden className="size-4" />}
        <span className="sr-only">{copied ? words.app.copied : words.app.copy}</span>
      </button>
    </div>
  )
}
