import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { classes } from '../../design/classes.ts'
import { Facts } from '../../design/facts.tsx'
import { Key } from '../../design/key.tsx'
import { Banner } from './why.tsx'
import type { Work } from './work.ts'

export const RESOLUTIONS = ['applied', 'retry', 'drop'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

/** A payment whose fate a person must settle: why, and the three things that may hold. */
export function Doubt({
  view,
  work,
  chosen,
  onChoose,
}: {
  view: 'quarantined' | 'reversals'
  work: Work
  chosen: Resolution | undefined
  onChoose: (resolution: Resolution) => void
}) {
  const words = useWords().review.doubt
  const { payment } = work
  if (!payment) return null
  const left = payment.undo?.left ?? []
  // What was never sent cannot be sent again.
  const titleOf = (resolution: Resolution) =>
    view === 'quarantined' && resolution === 'retry' && payment.attempts === 0
      ? words.quarantined.first
      : words[view][resolution].title
  const reason = view === 'reversals' ? payment.undo?.reason : payment.reason
  return (
    <>
      <Banner title={view === 'reversals' ? words.reversal : words.title} tone="warn">
        {!left.includes(reason ?? '') && reason}
        {view === 'reversals' && left.length > 0 && (
          <ul className="mt-1 list-disc pl-4">
            {left.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
      </Banner>
      <div className="grid gap-3 md:grid-cols-2">
        <Card title={words.choose}>
          <div role="group" aria-label={words.choose} className="flex flex-col p-1.5">
            {RESOLUTIONS.map((resolution, at) => (
              <button
                key={resolution}
                type="button"
                aria-pressed={chosen === resolution}
                aria-keyshortcuts={`${at + 1}`}
                onClick={() => onChoose(resolution)}
                className={classes(
                  'flex items-start gap-3 rounded-lg px-2.5 py-2 text-left hover:bg-sunken',
                  chosen === resolution && 'bg-sunken outline-2 -outline-offset-2 outline-brand',
                )}
              >
                <Key>{at + 1}</Key>
                <span className="min-w-0">
                  <span className="block font-medium">{titleOf(resolution)}</span>
                  <span className="block text-sm text-soft">{words[view][resolution].text}</span>
                </span>
              </button>
            ))}
          </div>
        </Card>
        <Card className="p-4">
          <Facts
            facts={[
              [
                words.reference,
                <span key="reference" className="font-mono text-xs">
                  {view === 'reversals' ? payment.undo?.transaction_reference : payment.transaction_reference}
                </span>,
              ],
              [words.attempts, words.times(payment.attempts)],
            ]}
          />
        </Card>
      </div>
    </>
  )
}
