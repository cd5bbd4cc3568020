import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import type { Entry } from './entries.ts'
import { namesQuery, transactionQuery } from './queries.ts'
import { Banner } from './why.tsx'

/** Who decided what the reader was looking at. */
export function Gone({ entry, onGoOn }: { entry: Entry; onGoOn: () => void }) {
  const words = useWords().review
  const payymo = useApi()
  const names = useQuery(namesQuery(payymo))
  const isLine = entry.key.startsWith('txn_')
  const line = useQuery({ ...transactionQuery(payymo, entry.key), enabled: isLine, staleTime: 0 })
  const latest = useQuery({
    queryKey: ['matches', 'latest', entry.key],
    enabled: isLine,
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const { data } = await payymo.invoiceMatches.list(
        { transaction_id: entry.key, sort: '-updated_at', per_page: 1 },
        { signal },
      )
      return data[0] ?? null
    },
  })
  const by = latest.data?.decided_by ?? null
  const who =
    by === null
      ? words.gone.somebody
      : by.startsWith('key_')
        ? words.gone.key
        : (names.data?.get(by) ?? words.gone.system)
  const status = latest.data?.status
  const text =
    line.data?.status === 'ignored'
      ? words.gone.ignored
      : status === 'approved' || status === 'applied'
        ? words.gone.approved(who)
        : status === 'rejected'
          ? words.gone.rejected(who)
          : words.gone.other
  return (
    <div role="status">
      <Banner
        title={text}
        tone="warn"
        action={
          <Button onClick={onGoOn} shortcut="Enter">
            {words.act.goOn}
          </Button>
        }
      >
        {words.gone.text}
      </Banner>
    </div>
  )
}
