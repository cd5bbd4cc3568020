import type { ReconciliationSummary } from '@payymo/sdk'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'

/** How many of the decisions that Payymo took by itself stand. */
export function Precision({
  precision: { decided, reversed_or_rejected: takenBack, share },
}: {
  precision: ReconciliationSummary['precision_of_automatic_decisions']
}) {
  const { overview: words } = useWords()
  const formats = useFormats()
  return (
    <Card
      title={words.precision}
      action={
        <Link to="/matching" className="inline-flex min-h-6 items-center text-sm text-soft hover:text-text">
          {words.toMatching}
        </Link>
      }
    >
      <div className="p-4">
        {share === null ? (
          <p className="text-soft">{words.noneDecided}</p>
        ) : (
          <>
            <p className="tabular text-2xl font-semibold tracking-tight">
              {formats.percent(share, takenBack === 0 ? 0 : 2)}
            </p>
            <p className="text-soft">{words.decided(decided, formats.count(decided))}</p>
            <p className={takenBack === 0 ? 'text-soft' : 'text-warn'}>
              {words.takenBack(takenBack, formats.count(takenBack))}
            </p>
          </>
        )}
      </div>
    </Card>
  )
}
