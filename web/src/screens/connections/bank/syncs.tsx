import type { BankConnection, BankSync } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Badge, type Tone } from '../../../design/badge.tsx'
import { Spinner } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { useFormats } from '../../../design/format.ts'
import { Failed, Waiting } from '../../../design/states.tsx'
import { isUnderWay, syncsQuery } from '../queries.ts'

const TONES: Record<BankSync['status'], Tone> = { queued: 'info', running: 'info', done: 'good', failed: 'bad' }

/** How the newest reads went, and the one under way. */
export function Syncs({ bank }: { bank: BankConnection }) {
  const words = useWords()
  const query = useQuery(syncsQuery(useApi(), bank.id))
  useFollowed(isUnderWay(query.data?.data[0]))
  return (
    <Card title={words.banks.syncs}>
      {query.isPending && <Waiting rows={3} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data?.data.length === 0 && <p className="p-4 text-soft">{words.banks.noSyncs}</p>}
      <ul className="divide-y divide-line">
        {query.data?.data.map((sync) => (
          <Sync key={sync.id} sync={sync} />
        ))}
      </ul>
    </Card>
  )
}

/** When a read ends, what it brought is fetched. */
function useFollowed(underWay: boolean) {
  const client = useQueryClient()
  const was = useRef(underWay)
  useEffect(() => {
    if (was.current && !underWay) {
      void client.invalidateQueries({ queryKey: ['bank-connections'] })
      void client.invalidateQueries({ queryKey: ['bank-accounts'] })
    }
    was.current = underWay
  }, [underWay, client])
}

function Sync({ sync }: { sync: BankSync }) {
  const words = useWords()
  const formats = useFormats()
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[8rem_minmax(0,1fr)_auto]">
      <span>
        <Badge tone={TONES[sync.status]}>{words.banks.syncStates[sync.status]}</Badge>
      </span>
      <span className="min-w-0 text-soft max-sm:order-last max-sm:col-span-full">
        {isUnderWay(sync) ? (
          <span role="status" className="inline-flex items-center gap-2">
            <Spinner />
            {sync.status === 'queued' ? words.banks.syncQueued : words.banks.syncing}
          </span>
        ) : sync.error === null ? (
          words.banks.syncFound(formats.count(sync.created), formats.count(sync.updated))
        ) : (
          <span className="text-bad">{sync.error}</span>
        )}
      </span>
      <span className="tabular text-right text-sm text-faint">
        {formats.moment(sync.finished_at ?? sync.started_at ?? sync.created_at)}
      </span>
    </li>
  )
}
