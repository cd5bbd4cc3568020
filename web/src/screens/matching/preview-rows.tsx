import type { MatchingDryRun } from '@payymo/sdk'
import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Button } from '../../design/button.tsx'
import { useFormats } from '../../design/format.ts'
import { useSentence, useSure } from '../review/bars.tsx'

type Result = MatchingDryRun['results'][number]

const STEP = 25

/** What would become of lines, one by one. */
export function PreviewRows({
  title,
  results,
  threshold,
  closed = false,
}: {
  title: string
  results: readonly Result[]
  threshold: number
  closed?: boolean
}) {
  const { connections } = useWords()
  const formats = useFormats()
  const [open, setOpen] = useState(!closed)
  const [shown, setShown] = useState(STEP)
  if (results.length === 0) return null
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="overflow-hidden rounded-xl border border-line"
    >
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 px-4 font-medium">
        {title}
        <span className="text-faint">{formats.count(results.length)}</span>
      </summary>
      {open && (
        <>
          <ul className="divide-y divide-line border-t border-line">
            {results.slice(0, shown).map((result) => (
              <Row key={result.transaction_id} result={result} threshold={threshold} />
            ))}
          </ul>
          {shown < results.length && (
            <div className="border-t border-line p-3">
              <Button onClick={() => setShown(shown + STEP)}>{connections.more}</Button>
            </div>
          )}
        </>
      )}
    </details>
  )
}

function Row({ result, threshold }: { result: Result; threshold: number }) {
  const { transaction: line, allocations, confidence } = result
  const why = useWhy(result, threshold)
  const { matching: words, transactions } = useWords()
  const formats = useFormats()
  const sure = useSure()
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate font-medium">{line.payer || transactions.unknownPayer}</span>
        <Amount amount={line.amount} currency={line.currency} strong />
      </div>
      <p className="truncate text-sm text-soft">
        {[formats.day(line.transaction_date), line.description || line.reference].filter(Boolean).join(' · ')}
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm">
        {allocations.map((part) => (
          <Part key={part.invoice_id} part={part} />
        ))}
        {confidence !== null && <span className="text-faint">{words.preview.sure(sure(confidence))}</span>}
      </p>
      {why.map((text) => (
        <p key={text} className="text-sm text-warn">
          {text}
        </p>
      ))}
    </li>
  )
}

/** Which invoice, of whom, and how much of it. */
function Part({ part }: { part: Result['allocations'][number] }) {
  const { matching: words } = useWords()
  const formats = useFormats()
  const { client, invoice_number: number, amount, currency } = part
  return (
    <span className="min-w-0">
      {words.preview.onto(number, formats.amount(amount, currency))}
      {client && <span className="text-soft"> · {client.company || client.name}</span>}
    </span>
  )
}

/** Why a line is left to people: what the engine says, else what the policy does. */
function useWhy({ decision, confidence, reasons, withheld }: Result, threshold: number): string[] {
  const { whyPolicy } = useWords().review
  const formats = useFormats()
  const sentence = useSentence()
  if (decision !== 'review') return []
  if (withheld.length > 0) return withheld.map(({ text }) => sentence(text))
  if (reasons.some(({ code }) => code === 'decided_by_person')) return [whyPolicy.person]
  if (confidence === null || confidence >= threshold) return []
  return [whyPolicy.below(formats.percent(threshold, Number.isInteger(threshold * 100) ? 0 : 2))]
}
