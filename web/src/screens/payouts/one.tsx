import type { Payout } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lastSearch } from '../../app/last-search.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import type { Filters } from './filters.ts'
import { BankLine } from './bank-line.tsx'
import { PayoutItems } from './items.tsx'
import { PayoutState } from './state.tsx'
import { Sum } from './sum.tsx'

/** One payout: what it is made of, to the cent, and the line of the bank that it became. */
export function PayoutDetails() {
  const words = useWords()
  const payymo = useApi()
  const { id } = useParams({ from: '/inside/payouts/$id' })
  const query = useQuery({
    queryKey: ['payouts', 'one', id],
    queryFn: ({ signal }) => payymo.payouts.get(id, { signal }),
  })
  const payout = query.data
  return (
    <Page
      title={words.payouts.one}
      back={
        <Link to="/payouts" search={lastSearch<Filters>('/payouts')} className={BACK}>
          <BackText>{words.payouts.title}</BackText>
        </Link>
      }
    >
      {payout ? (
        <Details key={id} payout={payout} />
      ) : (
        <Card>
          {query.isError ? (
            <Failed error={query.error} again={() => void query.refetch()} />
          ) : (
            <Waiting rows={8} label={words.states.loading} />
          )}
        </Card>
      )}
    </Page>
  )
}

function Details({ payout }: { payout: Payout }) {
  const words = useWords().payouts
  const formats = useFormats()
  const isOff = payout.status === 'failed' || payout.status === 'canceled'
  const mono = (text: string | null) =>
    text === null ? undefined : <span className="font-mono text-sm break-all text-soft">{text}</span>
  return (
    <>
      <div className="-mt-2 mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="tabular text-2xl font-semibold tracking-tight">
          {formats.amount(payout.amount, payout.currency)}
        </span>
        <PayoutState status={payout.status} />
        <span className="text-soft">
          {(isOff ? words.planned : words.dueOn)(formats.day(payout.arrival_date))}
          {payout.destination_last4 !== null && ` · ···· ${payout.destination_last4}`}
        </span>
      </div>
      {payout.failure !== null && (
        <div className="mb-4">
          <Fault text={[words.failed, payout.failure.message ?? payout.failure.code].filter(Boolean).join(' ')} />
        </div>
      )}
      <div className="mb-4 grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
        <Sum payout={payout} />
        <BankLine payout={payout} />
        <Card title={words.details} className="lg:col-start-2 lg:row-start-2">
          <div className="p-4">
            <Facts
              facts={[
                [words.made, formats.moment(payout.created)],
                [words.way, payout.automatic ? words.automatic : words.byHand],
                [words.method, payout.method === 'instant' ? words.instant : undefined],
                [words.trace, mono(payout.trace_id)],
                [words.descriptor, payout.descriptor],
                [words.stripeId, mono(payout.external_id)],
                [words.reconciled, payout.reconciled_at === null ? undefined : formats.moment(payout.reconciled_at)],
              ]}
            />
          </div>
        </Card>
      </div>
      {payout.items.length > 0 && <PayoutItems payout={payout} />}
    </>
  )
}
