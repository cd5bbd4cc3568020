import type { ReconciliationSummary } from '@payymo/sdk'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'

const AGES = ['days_0_2', 'days_3_7', 'days_8_30', 'days_over_30'] as const
/** The older, the more it is to be looked at; the words say the age. */
const COLOURS = { days_0_2: 'bg-good', days_3_7: 'bg-info', days_8_30: 'bg-warn', days_over_30: 'bg-bad' }

/** All money that is open now in a currency, by how long it has been here. */
export function Ageing({ ageing, currency }: { ageing: ReconciliationSummary['ageing']; currency: string }) {
  const { overview: words } = useWords()
  const formats = useFormats()
  const ages = ageing.find((each) => each.currency === currency)
  const widest = Math.max(0, ...AGES.map((age) => Number(ages?.[age].amount ?? 0)))
  return (
    <Card
      title={words.ageing}
      action={
        <Link to="/review" className="inline-flex min-h-6 items-center text-sm text-soft hover:text-text">
          {words.toReview}
        </Link>
      }
    >
      {ages ? (
        <ul className="flex flex-col gap-3.5 p-4">
          {AGES.map((age) => (
            <li key={age}>
              <p className="flex items-baseline justify-between gap-3">
                <span className={ages[age].count === 0 ? 'text-faint' : ''}>
                  {words.ages[age]}
                  <span className="ml-2 text-sm text-faint">
                    {ages[age].count > 0 && words.lines(ages[age].count, formats.count(ages[age].count))}
                  </span>
                </span>
                <span className={`tabular ${ages[age].count === 0 ? 'text-faint' : 'font-medium'}`}>
                  {formats.amount(ages[age].amount, currency)}
                </span>
              </p>
              <span aria-hidden className="mt-1 block h-1.5 overflow-hidden rounded-full bg-sunken">
                <span
                  className={`block h-full rounded-full ${COLOURS[age]}`}
                  style={{ width: `${widest === 0 ? 0 : (Number(ages[age].amount) / widest) * 100}%` }}
                />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="p-4 text-soft">{words.noneOpen}</p>
      )}
    </Card>
  )
}
