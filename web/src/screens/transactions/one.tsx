import type { Transaction } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lastSearch } from '../../app/last-search.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { transactionQuery } from '../review/queries.ts'
import type { Filters } from './filters.ts'
import { useActs } from './acts.tsx'
import { LineFacts } from './facts.tsx'
import { History } from './history.tsx'
import { MatchCards } from './match-card.tsx'
import { matchesOfQuery, payoutOfQuery, standingOf } from './queries.ts'
import { Readings } from './readings.tsx'
import { State } from './state.tsx'
import { Verdict } from './verdict.tsx'

/** One line and its whole story: what it is, what it pays and why, what was booked, and all that happened. */
export function TransactionDetails() {
  const words = useWords()
  const { id } = useParams({ from: '/inside/transactions/$id' })
  const line = useQuery(transactionQuery(useApi(), id))
  if (line.data) return <Details key={id} line={line.data} />
  return (
    <Page title={words.transactions.one} back={<Back />}>
      <Card>
        {line.isError ? (
          <Failed error={line.error} again={() => void line.refetch()} />
        ) : (
          <Waiting rows={8} label={words.states.loading} />
        )}
      </Card>
    </Page>
  )
}

function Back() {
  const words = useWords()
  return (
    <Link to="/transactions" search={lastSearch<Filters>('/transactions')} className={BACK}>
      <BackText>{words.transactions.title}</BackText>
    </Link>
  )
}

function Details({ line }: { line: Transaction }) {
  const words = useWords().transactions
  const payymo = useApi()
  const formats = useFormats()
  const matches = useQuery(matchesOfQuery(payymo, line.id))
  const payout = useQuery({ ...payoutOfQuery(payymo, line.id), enabled: line.match_status === 'transfer' })
  const match = standingOf(matches.data ?? [])
  const acts = useActs(line, match)
  const isOpen =
    line.direction === 'credit' &&
    line.status === 'processed' &&
    (line.match_status === 'unmatched' || line.match_status === 'suggested')
  return (
    <Page title={line.counterparty.name || words.unknownPayer} back={<Back />}>
      <div className="-mt-2 mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="text-2xl font-semibold tracking-tight">
          <Amount amount={line.amount} currency={line.currency} direction={line.direction} />
        </span>
        <State row={line} />
        <span className="text-soft">
          {words.direction[line.direction]} · {formats.day(line.transaction_date)} · {line.account_name}
        </span>
        {acts.others !== false && <div className="flex flex-wrap gap-2 sm:ml-auto">{acts.others}</div>}
      </div>
      {acts.fault !== undefined && (
        <div className="mb-4">
          <Fault text={acts.fault} />
        </div>
      )}
      {!matches.isPending && (
        <Verdict line={line} match={match} payout={payout.data ?? undefined}>
          {acts.deciding}
        </Verdict>
      )}
      {matches.isPending && <div className="mb-4 h-18 animate-pulse rounded-xl bg-sunken" />}
      {matches.isError && <Failed error={matches.error} again={() => void matches.refetch()} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
        <LineFacts line={line} />
        {(match !== undefined || isOpen) && (
          <div className="flex min-w-0 flex-col gap-4 empty:hidden lg:col-start-2 lg:row-span-2 lg:row-start-1">
            {match && <MatchCards match={match} />}
            {isOpen && !matches.isPending && <Readings line={line} match={match} onTake={acts.take} />}
          </div>
        )}
        <History id={line.id} />
      </div>
      {acts.dialogs}
    </Page>
  )
}
