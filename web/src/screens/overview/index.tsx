import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useStanding } from '../../app/standing.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Card } from '../../design/card.tsx'
import { Choice } from '../../design/field.tsx'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { StartCard } from '../start/card.tsx'
import { Ageing } from './ageing.tsx'
import { ByDay } from './by-day.tsx'
import { ConnectionsHealth } from './connections.tsx'
import { type Filters, type Span, SPANS } from './filters.ts'
import { currenciesOf, daysOf } from './parts.ts'
import { Precision } from './precision.tsx'
import { type Report, reportQuery } from './queries.ts'
import { SpotChecks } from './spot-checks.tsx'
import { WaitingForMe } from './waiting.tsx'

/** How the money stands, at one glance. */
export function Overview() {
  const words = useWords()
  const standing = useStanding()
  return (
    <Page
      title={words.overview.title}
      actions={
        standing !== 'operator' && (
          <Link to="/start" className="inline-flex min-h-9 items-center text-soft hover:text-text">
            {words.start.title}
          </Link>
        )
      }
    >
      {standing === 'operator' ? <p className="text-soft">{words.overview.operator}</p> : <Company />}
    </Page>
  )
}

function Company() {
  const words = useWords()
  const payymo = useApi()
  const filters = useSearch({ from: '/inside/' })
  const query = useQuery(reportQuery(payymo, filters.days ?? 30))
  return (
    <div className="flex flex-col gap-4">
      <StartCard />
      <WaitingForMe />
      {query.data ? (
        <Money report={query.data} filters={filters} />
      ) : (
        <>
          <Card title={words.overview.moneyIn}>
            {query.isError ? (
              <Failed error={query.error} again={() => void query.refetch()} />
            ) : (
              <Waiting rows={7} label={words.states.loading} />
            )}
          </Card>
          <ConnectionsHealth />
        </>
      )}
    </div>
  )
}

function Money({ report: { days: rows, summary }, filters }: { report: Report; filters: Filters }) {
  const { overview: words } = useWords()
  const currencies = useMemo(() => currenciesOf(rows), [rows])
  const currency = currencies.find((each) => each === filters.currency) ?? currencies[0] ?? summary.ageing[0]?.currency
  const days = useMemo(() => (currency === undefined ? [] : daysOf(rows, currency, summary)), [rows, currency, summary])
  return (
    <>
      <Card title={words.moneyIn} action={<Choices filters={filters} currencies={currencies} currency={currency} />}>
        {currency === undefined || rows.length === 0 ? (
          <p className="p-4 text-soft sm:p-5">{words.noMoney}</p>
        ) : (
          <ByDay days={days} currency={currency} />
        )}
      </Card>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Ageing ageing={summary.ageing} currency={currency ?? ''} />
          <Precision precision={summary.precision_of_automatic_decisions} />
        </div>
        <div className="flex flex-col gap-4">
          <ConnectionsHealth />
          <SpotChecks />
        </div>
      </div>
    </>
  )
}

function Choices({
  filters,
  currencies,
  currency,
}: {
  filters: Filters
  currencies: readonly string[]
  currency: string | undefined
}) {
  const { overview: words } = useWords()
  const navigate = useNavigate()
  const change = (next: { [K in keyof Filters]?: Filters[K] | undefined }) =>
    void navigate({ to: '/', replace: true, resetScroll: false, search: compact({ ...filters, ...next }) })
  return (
    <div className="flex gap-2">
      {currencies.length > 1 && (
        <Choice
          label={words.currency}
          hidden
          value={currency}
          onChange={({ target: { value } }) => change({ currency: value === currencies[0] ? undefined : value })}
        >
          {currencies.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
      )}
      <Choice
        label={words.span}
        hidden
        value={filters.days ?? 30}
        onChange={({ target: { value } }) => change({ days: value === '90' ? 90 : undefined })}
      >
        {SPANS.map((span: Span) => (
          <option key={span} value={span}>
            {words.days(span)}
          </option>
        ))}
      </Choice>
    </div>
  )
}
