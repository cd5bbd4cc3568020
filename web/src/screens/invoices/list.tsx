import type { Invoice } from '@payymo/sdk'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useList } from '../../app/list.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { useFormats } from '../../design/format.ts'
import { type Column, Rows } from '../../design/rows.tsx'
import { nameOf } from '../review/compare.ts'
import { type Filters, isOverdue, toQuery } from './filters.ts'
import { InvoiceState } from './state.tsx'
import { useToday } from './today.ts'

export function useInvoiceList(filters: Filters) {
  const payymo = useApi()
  const today = useToday()
  return useList(['invoices', 'list', filters, today], (page, signal) =>
    payymo.invoices.list({ ...toQuery(filters, today), ...page }, { signal }),
  )
}

/** Invoices as rows. `ofClient`: all are of one client, who need not be named again. */
export function InvoiceRows({
  query,
  empty,
  ofClient = false,
}: {
  query: ReturnType<typeof useInvoiceList>
  empty: ReactNode
  ofClient?: boolean
}) {
  const words = useWords().invoices
  const formats = useFormats()
  const navigate = useNavigate()
  const today = useToday()
  const day = (text: string | null) => (text === null ? '–' : formats.day(text))
  const link = (row: Invoice) => (
    <Link to="/invoices/$id" params={{ id: row.id }} className="block truncate font-medium hover:underline">
      {nameOf(row)}
    </Link>
  )
  const open = (row: Invoice) =>
    row.balance === row.total ? null : (
      <span className="block text-xs text-faint">{words.openOf(formats.amount(row.balance, row.currency))}</span>
    )
  const client: Column<Invoice> = {
    key: 'client',
    title: words.client,
    width: 'minmax(0, 1.4fr)',
    cell: (row) => (
      <p className="truncate">
        {row.client.company || row.client.name}
        {row.client.company !== '' && <span className="text-faint"> · {row.client.name}</span>}
      </p>
    ),
  }
  const columns: Column<Invoice>[] = [
    { key: 'number', title: words.number, width: 'minmax(7rem, 1fr)', cell: link },
    ...(ofClient ? [] : [client]),
    { key: 'issued', title: words.issued, width: '7rem', cell: (row) => day(row.issued_on) },
    {
      key: 'due',
      title: words.due,
      width: '7rem',
      cell: (row) => <span className={isOverdue(row, today) ? 'text-bad' : undefined}>{day(row.due_on)}</span>,
    },
    { key: 'state', title: words.state, width: '8rem', cell: (row) => <InvoiceState invoice={row} /> },
    { key: 'source', title: words.source, width: '5rem', cell: (row) => <Source source={row.source} /> },
    {
      key: 'total',
      title: words.total,
      width: '8rem',
      end: true,
      cell: (row) => (
        <>
          <Amount amount={row.total} currency={row.currency} strong />
          {row.status !== 'paid' && open(row)}
        </>
      ),
    },
  ]
  return (
    <Rows
      label={words.title}
      columns={columns}
      query={query}
      onOpen={(row) => void navigate({ to: '/invoices/$id', params: { id: row.id } })}
      narrow={(row) => (
        <>
          <div className="flex items-baseline justify-between gap-3">
            {link(row)}
            <Amount amount={row.total} currency={row.currency} strong />
          </div>
          <div className="mt-1 flex items-center justify-between gap-3">
            <p className="truncate text-sm text-soft">
              {ofClient ? '' : `${row.client.company || row.client.name} · `}
              {row.due_on === null ? '' : words.dueOn(formats.day(row.due_on))}
            </p>
            <InvoiceState invoice={row} />
          </div>
        </>
      )}
      empty={empty}
    />
  )
}

export function Source({ source }: { source: string }) {
  const { sources } = useWords().invoices
  return <span className="text-soft">{source === 'whmcs' || source === 'api' ? sources[source] : source}</span>
}
