import type { MatchingDryRun, RunMatchingRequest } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed } from '../../design/states.tsx'
import { Button, Spinner } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { useAct } from '../../app/act.ts'
import { PreviewRows } from './preview-rows.tsx'

/** What would be booked now if Payymo booked by itself, before it does. `onSwitch`: switches it on; nobody can before the answer
 *  stands before them. */
export function Preview({
  open,
  onClose,
  policy,
  threshold,
  onSwitch,
}: {
  open: boolean
  onClose: () => void
  policy: NonNullable<RunMatchingRequest['policy']>
  /** The certainty that the policy wants, to say where it was missed. */
  threshold: number
  onSwitch?: () => PromiseLike<unknown>
}) {
  const words = useWords()
  const { matching: said } = words
  const act = useAct()
  const query = useDryRun(open, policy)
  const close = () => {
    act.clear()
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      side
      title={said.preview.title}
      footer={
        <>
          <Button onClick={close}>{onSwitch ? words.app.cancel : words.app.close}</Button>
          {onSwitch && (
            <Button
              weight="primary"
              busy={act.busy}
              disabled={!query.data || query.isFetching}
              onClick={() => void act.run(onSwitch, close)}
            >
              {said.preview.switchOn}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4" aria-busy={query.isFetching}>
        <Fault text={act.fault} />
        {query.isFetching ? (
          <p role="status" className="flex items-center gap-2.5 py-10 text-soft">
            <Spinner />
            {said.preview.working}
          </p>
        ) : query.data ? (
          <Answer run={query.data} threshold={threshold} switching={onSwitch !== undefined} />
        ) : (
          query.isError && <Failed error={query.error} again={() => void query.refetch()} />
        )}
      </div>
    </Dialog>
  )
}

/** Asked each time the window opens: the answer is of that moment. */
function useDryRun(open: boolean, policy: NonNullable<RunMatchingRequest['policy']>) {
  const payymo = useApi()
  return useQuery({
    queryKey: ['dry-run', policy],
    enabled: open,
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }): Promise<MatchingDryRun> => {
      const answer = await payymo.invoiceMatches.run({ dry_run: true, policy }, { signal })
      if (!('dry_run' in answer)) throw new Error('a dry run answers with its results')
      return answer
    },
  })
}

function Answer({ run, threshold, switching }: { run: MatchingDryRun; threshold: number; switching: boolean }) {
  const { matching: words } = useWords()
  const formats = useFormats()
  const { would_apply: applied } = run
  const count = (number: number): ReactNode => formats.count(number)
  return (
    <>
      <section className="rounded-xl border border-line bg-sunken p-4">
        <h3 className="text-sm text-soft">{words.preview.booked}</h3>
        <p className="text-2xl font-semibold tracking-tight">
          {words.preview.payments(applied.count, formats.count(applied.count))}
        </p>
        <ul className="mt-1">
          {applied.totals.map((total) => (
            <li key={total.currency} className="tabular">
              {formats.amount(total.amount, total.currency)}
            </li>
          ))}
        </ul>
      </section>
      <dl className="grid grid-cols-3 gap-3">
        {(
          [
            [words.preview.left, run.would_suggest],
            [words.preview.before, run.already_booked],
            [words.preview.nothing, run.no_invoice],
          ] as const
        ).map(([name, number]) => (
          <div key={name} className="flex flex-col-reverse justify-end">
            <dt className="text-sm text-soft">{name}</dt>
            <dd className="tabular text-lg font-semibold">{count(number)}</dd>
          </div>
        ))}
      </dl>
      {run.looked_capped && <p className="text-sm text-warn">{words.preview.capped(formats.count(run.looked))}</p>}
      {switching && <p className="text-soft">{applied.count === 0 ? words.preview.noneNow : words.preview.means}</p>}
      <PreviewRows
        title={words.preview.list}
        results={run.results.filter(({ decision }) => decision === 'auto')}
        threshold={threshold}
      />
      <PreviewRows
        title={words.preview.leftList}
        results={run.results.filter(({ decision }) => decision === 'review')}
        threshold={threshold}
        closed
      />
      {run.results_capped && <p className="text-sm text-faint">{words.preview.resultsCapped}</p>}
    </>
  )
}
