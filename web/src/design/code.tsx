import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../app/words.tsx'

/** Text of programs, as it is; long lines break, long texts scroll. */
export function Code({ text, label }: { text: string; label: string }) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  return (
    <div className="relative">
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
        tabIndex={0}
        aria-label={label}
        className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 pr-11 font-mono text-xs leading-5 break-all whitespace-pre-wrap"
      >
        {text}
      </pre>
      <button
        type="button"
        className="absolute top-1.5 right-1.5 inline-flex size-8 items-center justify-center rounded-md text-soft hover:bg-surface hover:text-text"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(() => {
            setCopied(true)
            setTimeout(() => setCopied(false), 2_000)
          })
        }
      >
        {copied ? <Check aria-hidden className="size-4 text-good" /> : <Copy aria-hidden className="size-4" />}
        <span className="sr-only">{copied ? words.app.copied : `${words.app.copy}: ${label}`}</span>
      </button>
    </div>
  )
}

/** JSON with its indents, or the text as it is when it is none. Digits are left as they came. */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  return indent(text)
}

/** Indents valid JSON letter by letter: reading it into values would change long numbers. */
function indent(text: string): string {
  let out = ''
  let depth = 0
  let quoted = false
  const line = () => `\n${'  '.repeat(depth)}`
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!
    if (quoted) {
      out += sign
      if (sign === '\\') out += text[(at += 1)]!
      else if (sign === '"') quoted = false
    } else if (sign === '"') {
      quoted = true
      out += sign
    } else if (sign === '{' || sign === '[') {
      const empty = /^\s*[}\]]/.exec(text.slice(at + 1, at + 200))
      if (empty) {
        out += sign + empty[0].trim()
        at += empty[0].length
      } else {
        depth += 1
        out += sign + line()
      }
    } else if (sign === '}' || sign === ']') {
      depth -= 1
      out += line() + sign
    } else if (sign === ',') out += sign + line()
    else if (sign === ':') out += ': '
    else if (!/\s/.test(sign)) out += sign
  }
  return out
}
