import { Equal, EqualApproximately, EqualNot, Minus } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'
import { type Segment, segmentsOf } from './marks.ts'

const KINDS: Record<Segment['kind'], string> = {
  plain: '',
  same: 'rounded-sm bg-good-soft text-good underline decoration-good/60 underline-offset-3',
  other: 'rounded-sm bg-warn-soft text-warn underline decoration-dotted decoration-2 underline-offset-3',
}

/** A text in which is shown what agrees with the other side (underlined) and what differs from it (dotted). */
export const Marked = ({ text, ranges }: { text: string; ranges: Parameters<typeof segmentsOf>[1] }) => (
  <>
    {segmentsOf(text, ranges).map(({ text: part, kind }, at) =>
      kind === 'plain' ? (
        part
      ) : (
        // oxlint-disable-next-line react/no-array-index-key -- the pieces of one text have nothing but their order
        <mark key={at} className={KINDS[kind]}>
          {part}
        </mark>
      ),
    )}
  </>
)

export type Agreement = 'equal' | 'near' | 'differs' | 'unknown'

const SIGNS = { equal: Equal, near: EqualApproximately, differs: EqualNot, unknown: Minus }
const TONES: Record<Agreement, string> = {
  equal: 'bg-good-soft text-good',
  near: 'bg-warn-soft text-warn',
  differs: 'bg-bad-soft text-bad',
  unknown: 'bg-sunken text-faint',
}

/** Whether two facts that face each other agree, as a sign and in a word. */
export function Sign({ agreement, title }: { agreement: Agreement; title?: string | undefined }) {
  const words = useWords()
  const Icon = SIGNS[agreement]
  return (
    <span
      title={title ?? words.review.marks[agreement]}
      className={classes('inline-flex size-5.5 shrink-0 items-center justify-center rounded-full', TONES[agreement])}
    >
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{words.review.marks[agreement]}</span>
    </span>
  )
}
