import { useWords } from '../../app/words.tsx'
import { Choice, Field } from '../../design/field.tsx'

const DAY_MS = 86_400_000
const SPANS_MS = { never: null, days30: 30 * DAY_MS, days90: 90 * DAY_MS, year: 365 * DAY_MS }
type Span = keyof typeof SPANS_MS | 'day'

export interface End {
  span: Span
  day: string
}

export const NO_END: End = { span: 'never', day: '' }

/** When a key ends, as the API takes it; of a day the last second, in the zone of whoever chose it. */
export function timeOf({ span, day }: End, nowMs: number): string | null {
  const ms = span === 'day' ? Date.parse(`${day}T23:59:59`) : SPANS_MS[span] === null ? null : nowMs + SPANS_MS[span]
  return ms === null ? null : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function EndChoice({
  value,
  onChange,
  fault,
}: {
  value: End
  onChange: (end: End) => void
  fault: string | undefined
}) {
  const words = useWords()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label={words.keys.end}
        value={value.span}
        onChange={(event) => onChange({ ...value, span: event.target.value as Span })}
      >
        {([...Object.keys(SPANS_MS), 'day'] as Span[]).map((span) => (
          <option key={span} value={span}>
            {words.keys.ends[span]}
          </option>
        ))}
      </Choice>
      {value.span === 'day' && (
        <Field
          label={words.keys.endDay}
          type="date"
          required
          value={value.day}
          onChange={(event) => onChange({ ...value, day: event.target.value })}
          fault={fault}
        />
      )}
    </div>
  )
}
