import { useSpoken, useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { toEvidence } from './evidence.ts'
import { isWord, type Proposal } from './proposals.ts'

/** A sentence of the API, in the reader's language where it is known. */
export function useSentence(): (text: string) => string {
  const { sentences, patterns } = useWords().review
  return (text) => {
    const known = sentences[text]
    if (known !== undefined) return known
    const found = patterns.find(([pattern]) => pattern.test(text))
    return found ? text.replace(...found) : text
  }
}

export function useSure(): (confidence: number) => string {
  const formats = useFormats()
  return (confidence) => formats.percent(confidence, confidence > 0.99 || confidence < 0.01 ? 2 : 1)
}

/** What speaks for and against, as bars on one scale from a zero line, and their sum. */
export function Bars({ proposal }: { proposal: Proposal }) {
  const words = useWords().review
  const sentence = useSentence()
  const sure = useSure()
  const { locale } = useSpoken()
  const { bars, notes, sum, longest, unit } = toEvidence(proposal.reasons)
  if (isWord(proposal)) {
    return (
      <Card title={words.evidence}>
        {proposal.reasons.map(({ code, text }) => (
          <p key={code} className="px-4 py-3">
            {sentence(text)}
          </p>
        ))}
      </Card>
    )
  }
  const digits = unit === 'odds' ? 1 : 2
  const signed = (weight: number): string =>
    new Intl.NumberFormat(locale, {
      signDisplay: 'exceptZero',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(weight)
  return (
    <Card title={words.evidence}>
      <p id="evidence-hint" className="sr-only">
        {words.evidenceHint}
      </p>
      <table aria-label={words.evidence} aria-describedby="evidence-hint" className="w-full table-fixed text-sm">
        <colgroup>
          <col className="w-[56%]" />
          <col />
          <col className="w-20" />
        </colgroup>
        <tbody>
          {bars.map(({ code, text, weight }) => (
            <Bar
              key={code + text}
              label={sentence(text)}
              weight={weight}
              share={weight / longest}
              value={signed(weight)}
              side={weight < 0 ? words.against : words.for}
            />
          ))}
          <Bar
            label={words.together}
            weight={sum}
            share={sum / longest}
            value={signed(sum)}
            side={sum < 0 ? words.against : words.for}
            total={unit === 'odds' ? `= ${sure(proposal.confidence)}` : words.points(signed(sum))}
          />
        </tbody>
      </table>
      {notes.map(({ code, text }) => (
        <p key={code} className="border-t border-line px-4 py-2 text-sm text-soft">
          {sentence(text)}
        </p>
      ))}
    </Card>
  )
}

function Bar({
  label,
  weight,
  share,
  value,
  side,
  total,
}: {
  label: string
  weight: number
  share: number
  value: string
  side: string
  total?: string
}) {
  const width = `${Math.min(1, Math.abs(share)) * 50}%`
  const colour = total === undefined ? (weight < 0 ? 'bg-bad/70' : 'bg-good/75') : 'bg-text/70'
  return (
    <tr className={total === undefined ? '' : 'border-t border-line font-semibold'}>
      <th
        scope="row"
        className={classes('py-1.5 pr-3 pl-4 text-left leading-snug', total === undefined && 'font-normal')}
      >
        {label}
        {total !== undefined && <span className="ml-2 tabular whitespace-nowrap">{total}</span>}
      </th>
      <td aria-hidden className="relative py-1.5">
        <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
        <span
          className={`absolute top-1/2 h-2.5 -translate-y-1/2 ${weight < 0 ? 'right-1/2 rounded-l-sm' : 'left-1/2 rounded-r-sm'} ${colour}`}
          style={{ width }}
        />
      </td>
      <td className="py-1.5 pr-4 text-right tabular">
        {value}
        <span className="sr-only"> {side}</span>
      </td>
    </tr>
  )
}
