import type { InvoiceMatch } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { useSure } from './bars.tsx'
import { sumOf } from '../../design/money.ts'
import { transactionQuery } from './queries.ts'
import { approveMany, readSure, type Result } from './sure.ts'

const THRESHOLDS = ['0.999', '0.99', '0.95', '0.9']
/** So many are sent by one call, so that the progress can be seen. */
const EACH = 100

/** Everything that is as sure as the person wants, listed before it is done. What the engine holds back for a reason is left out. */
export function SureAll({
  onClose,
  onSent,
  onResults,
}: {
  onClose: () => void
  onSent: (matches: readonly InvoiceMatch[]) => void
  onResults: (matches: readonly InvoiceMatch[], results: readonly Result[]) => void
}) {
  const words = useWords()
  const sureAll = words.review.sureAll
  const formats = useFormats()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const [threshold, setThreshold] = useState('0.99')
  const [sent, setSent] = useState<number>()
  const [failures, setFailures] = useState<{ match: InvoiceMatch; message: string }[]>([])
  const query = useQuery({
    queryKey: ['matches', 'sure', threshold],
    queryFn: ({ signal }) => readSure(payymo, client, threshold, signal),
    enabled: sent === undefined,
    staleTime: 0,
  })
  const matches = query.data?.sure ?? []

  async function approve() {
    onSent(matches)
    const failed: typeof failures = []
    for (let from = 0; from < matches.length; from += EACH) {
      setSent(from)
      const part = matches.slice(from, from + EACH)
      const results = await approveMany(payymo, part, words.states.offlineText)
      onResults(part, results)
      for (const [at, { error }] of results.entries())
        if (error) failed.push({ match: part[at]!, message: error.message })
    }
    setFailures(failed)
    const done = matches.length - failed.length
    if (done > 0) say(sureAll.done(done))
    if (failed.length === 0) onClose()
    else setSent(matches.length)
  }
  return (
    <Dialog
      open
      side
      onClose={onClose}
      title={sureAll.title}
      footer={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          {failures.length === 0 && (
            <Button
              weight="primary"
              busy={sent !== undefined}
              disabled={matches.length === 0}
              onClick={() => void approve()}
            >
              {sent === undefined
                ? sureAll.approve(matches.length)
                : `${formats.count(sent)} / ${formats.count(matches.length)}`}
            </Button>
          )}
        </>
      }
    >
      {failures.length > 0 ? (
        <section role="alert">
          <h3 className="mb-2 font-semibold text-bad">{sureAll.failed(failures.length)}</h3>
          <ul className="flex flex-col gap-2">
            {failures.map(({ match, message }) => (
              <li key={match.id}>
                <span className="font-medium">{numbersOf(match)}</span>: {message}
              </li>
            ))}
          </ul>
        </section>
      ) : (
        <div className="flex flex-col gap-4">
          <Choice
            label={sureAll.threshold}
            value={threshold}
            disabled={sent !== undefined}
            onChange={(event) => setThreshold(event.target.value)}
          >
            {THRESHOLDS.map((each) => (
              <option key={each} value={each}>
                {formats.percent(Number(each), each.length > 4 ? 1 : 0)}
              </option>
            ))}
          </Choice>
          {query.isPending && <Waiting rows={4} label={words.states.loading} />}
          {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
          {query.data && (
            <>
              <div aria-live="polite">
                <p>
                  {matches.length === 0 ? sureAll.none : sureAll.will(matches.length, sumsOf(matches, formats.amount))}
                </p>
                {query.data.heldBack > 0 && <p className="text-soft">{sureAll.heldBack(query.data.heldBack)}</p>}
                {query.data.capped && <p className="text-soft">{sureAll.capped}</p>}
              </div>
              <ul className="divide-y divide-line rounded-xl border border-line empty:hidden">
                {matches.map((match) => (
                  <SureRow key={match.id} match={match} />
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </Dialog>
  )
}

function SureRow({ match }: { match: InvoiceMatch }) {
  const words = useWords()
  const formats = useFormats()
  const sure = useSure()
  const { data: line } = useQuery({ ...transactionQuery(useApi(), match.transaction_id), staleTime: Infinity })
  return (
    <li className="flex items-center gap-3 px-4 py-2 [content-visibility:auto]">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          {line ? line.counterparty.name || words.transactions.unknownPayer : '…'}
        </span>
        <span className="block truncate text-sm text-soft">{numbersOf(match)}</span>
      </span>
      <span className="text-right">
        <span className="tabular block">
          {formats.amount(sumOf(match.allocations.map(({ amount }) => amount)), match.allocations[0]!.currency)}
        </span>
        <span className="tabular block text-sm text-faint">{sure(match.confidence)}</span>
      </span>
    </li>
  )
}

const numbersOf = (match: InvoiceMatch): string => match.allocations.map((one) => one.invoice_number).join(', ')

function sumsOf(matches: readonly InvoiceMatch[], show: (amount: string, currency: string) => string): string {
  const byCurrency = Map.groupBy(
    matches.flatMap(({ allocations }) => allocations),
    ({ currency }) => currency,
  )
  return [...byCurrency]
    .map(([currency, parts]) => show(sumOf(parts.map(({ amount }) => amount)), currency))
    .join(' + ')
}
