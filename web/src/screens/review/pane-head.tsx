import { ChevronDown, ChevronUp } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { useFormats } from '../../design/format.ts'
import { useSure } from './bars.tsx'

/** How sure it is, whether it is the best reading, and where it stands in the queue. */
export function PaneHead({
  payer,
  confidence,
  isRival,
  at,
  count,
  move,
}: {
  payer: string
  /** `word`: a person said so. */
  confidence: number | 'word' | undefined
  /** Another reading than the best one. */
  isRival: boolean
  at: number
  count: number
  move: (to: number) => void
}) {
  const words = useWords().review
  const formats = useFormats()
  const sure = useSure()
  return (
    <div className="flex min-h-9 items-center justify-between gap-3 px-1">
      <h2 className="sr-only">{payer}</h2>
      {confidence === undefined ? (
        <span />
      ) : confidence === 'word' ? (
        <span className="text-lg font-semibold">{words.byPerson}</span>
      ) : (
        <div className="flex min-w-0 items-center gap-3">
          <span className="tabular text-lg font-semibold whitespace-nowrap">{words.sure(sure(confidence))}</span>
          <span aria-hidden className="h-1.5 w-28 overflow-hidden rounded-full bg-line max-sm:hidden">
            <span
              className={`block h-full rounded-full ${confidence >= 0.95 ? 'bg-good' : confidence >= 0.5 ? 'bg-warn' : 'bg-bad'}`}
              style={{ width: `${confidence * 100}%` }}
            />
          </span>
          {isRival && <Badge tone="info">{words.another}</Badge>}
        </div>
      )}
      <div className="flex items-center gap-0.5">
        <span className="tabular px-2 text-sm whitespace-nowrap text-faint">
          {words.place(formats.count(at + 1), formats.count(count))}
        </span>
        <Button weight="quiet" className="px-2" shortcut="k" disabled={at === 0} onClick={() => move(at - 1)}>
          <ChevronUp aria-hidden className="size-4" />
          <span className="sr-only">{words.act.before}</span>
        </Button>
        <Button weight="quiet" className="px-2" shortcut="j" disabled={at >= count - 1} onClick={() => move(at + 1)}>
          <ChevronDown aria-hidden className="size-4" />
          <span className="sr-only">{words.act.next}</span>
        </Button>
      </div>
    </div>
  )
}
