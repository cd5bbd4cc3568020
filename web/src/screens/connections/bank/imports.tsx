import type { BankConnection, StatementImport } from '@payymo/sdk'
import { ChevronRight } from 'lucide-react'
import { useList } from '../../../app/list.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Badge } from '../../../design/badge.tsx'
import { Button, Spinner } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { useFormats } from '../../../design/format.ts'
import { Failed, Waiting } from '../../../design/states.tsx'
import { isUnderWay } from '../queries.ts'
import { ImportResult } from './import-result.tsx'

/** The statement files that ever came, the newest first, and what became of each. */
export function Imports({ bank }: { bank: BankConnection }) {
  const words = useWords()
  const payymo = useApi()
  const query = useList<StatementImport>(
    ['bank-connections', 'imports', bank.id],
    (page, signal) => payymo.bankConnections.listImports(bank.id, page, { signal }),
    { waits: isUnderWay, everyMs: 1_000 },
  )
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? []
  const currencies = [...new Set(bank.accounts.map((account) => account.currency))]
  return (
    <Card title={words.banks.imports.title}>
      {query.isPending && <Waiting rows={3} label={words.states.loading} />}
      {query.isError && rows.length === 0 && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.isSuccess && rows.length === 0 && <p className="p-4 text-soft">{words.banks.imports.none}</p>}
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <Import key={row.id} row={row} currency={currencies.length === 1 ? currencies[0] : undefined} />
        ))}
      </ul>
      {query.hasNextPage && (
        <div className="border-t border-line p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words.connections.more}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Import({ row, currency }: { row: StatementImport; currency: string | undefined }) {
  const { banks } = useWords()
  const formats = useFormats()
  const { imports: words, upload } = banks
  const when = <span className="tabular text-sm text-faint">{formats.moment(row.created_at)}</span>
  if (row.status !== 'done')
    return (
      <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2.5">
        {row.status === 'failed' ? (
          <>
            <Badge tone="bad">{upload.failed}</Badge>
            <span className="min-w-0 flex-1 basis-60 break-words text-bad">{row.error}</span>
          </>
        ) : (
          <span role="status" className="inline-flex items-center gap-2 text-soft">
            <Spinner />
            {row.entries === 0 ? words.queued : words.far(formats.count(row.recorded), formats.count(row.entries))}
          </span>
        )}
        {when}
      </li>
    )
  const { rejected } = row
  return (
    <li>
      <details className="group [&_summary::-webkit-details-marker]:hidden">
        <summary className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-sunken">
          <ChevronRight aria-hidden className="size-4 shrink-0 text-faint group-open:rotate-90" />
          <span className="min-w-0 flex-1 basis-48">
            <span className="font-medium">{upload.formatNames[row.format] ?? row.format}</span>
            <span className="text-soft">
              {' · '}
              {words.found(formats.count(row.created), formats.count(row.duplicates))}
            </span>
          </span>
          {rejected.length > 0 && (
            <Badge tone="bad">{words.rejected(rejected.length, formats.count(rejected.length))}</Badge>
          )}
          {row.balance_check === 'gap' && <Badge tone="warn">{words.gap}</Badge>}
          {when}
        </summary>
        <div className="px-4 pt-1 pb-4">
          <ImportResult result={row} currency={currency} />
        </div>
      </details>
    </li>
  )
}
