import type { Invoice, Transaction } from '@payymo/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { SearchField } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Chosen, Found } from './by-hand-rows.tsx'
import { findInvoices } from './find-invoices.ts'
import { compareAmounts, lesserOf, readTyped, restOf, sumOf, toMinor } from '../../design/money.ts'
import type { Allocation } from './proposals.ts'

/** An invoice that was chosen, and what was typed for it. */
export interface Part {
  invoice: Invoice
  typed: string
}

/** Which invoices a payment pays, put together by hand: found by number, client or amount, each with its part. The parts may leave
 *  something of the payment, but cannot be more than it. */
export function ByHand({
  line,
  title,
  parts,
  setParts,
  onBook,
  onClose,
}: {
  line: Transaction
  title: string
  parts: readonly Part[]
  setParts: (parts: readonly Part[]) => void
  onBook: (allocations: Allocation[]) => void
  onClose: () => void
}) {
  const words = useWords()
  const hand = words.review.hand
  const formats = useFormats()
  const field = useRef<HTMLInputElement>(null)
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const { decimals } = toMinor(line.amount)
  const read = parts.map((part) => ({ ...part, amount: readTyped(part.typed, decimals) }))
  const sum = sumOf(['0', ...read.flatMap(({ amount }) => amount ?? [])])
  const rest = restOf(line.amount, [sum])
  const isOver = compareAmounts(rest, '0') < 0
  const isSound =
    parts.length > 0 &&
    !isOver &&
    read.every(({ amount, invoice }) => amount !== undefined && compareAmounts(amount, invoice.balance) <= 0)
  const { data: found, isFetching, settled } = useFound(q, line)
  const results = (found ?? []).filter(({ id }) => !parts.some(({ invoice }) => invoice.id === id))
  const marked = q === '' && parts.length > 0 && at === 0 ? -1 : Math.min(at, results.length - 1)

  const take = (invoice: Invoice) => {
    if (invoice.currency !== line.currency) return
    const amount = compareAmounts(rest, '0') > 0 ? lesserOf(rest, invoice.balance) : invoice.balance
    setParts([...parts, { invoice, typed: amount }])
    setQ('')
    setAt(0)
    field.current?.focus()
  }
  const book = () => {
    if (!isSound) return
    onBook(read.map(({ invoice, amount }) => ({ invoice_id: invoice.id, amount: amount!, currency: invoice.currency })))
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setAt(Math.max(0, Math.min(results.length - 1, marked + (event.key === 'ArrowDown' ? 1 : -1))))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const invoice = results[marked]
      if (marked < 0 && q.trim() === '') book()
      else if (invoice && settled) take(invoice)
    }
  }
  return (
    <Dialog
      open
      side
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button weight="primary" disabled={!isSound} onClick={book}>
            {hand.book(formats.amount(sum === '0' ? line.amount : sum, line.currency))}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="flex items-baseline justify-between gap-3">
          <span className="min-w-0 truncate">{line.counterparty.name || words.transactions.unknownPayer}</span>
          <span className="tabular text-lg font-semibold">{formats.amount(line.amount, line.currency)}</span>
        </div>
        <section aria-label={hand.chosen} className="rounded-xl border border-line">
          {parts.length === 0 && <p className="px-4 py-3 text-faint">{hand.nothingChosen}</p>}
          {read.map(({ invoice, typed, amount }, index) => (
            <Chosen
              key={invoice.id}
              invoice={invoice}
              typed={typed}
              fault={
                amount === undefined
                  ? hand.badAmount
                  : compareAmounts(amount, invoice.balance) > 0
                    ? hand.aboveOpen(formats.amount(invoice.balance, invoice.currency))
                    : undefined
              }
              onType={(next) => setParts(parts.map((part, n) => (n === index ? { ...part, typed: next } : part)))}
              onRemove={() => setParts(parts.filter((_, n) => n !== index))}
              onEnter={book}
            />
          ))}
          {parts.length > 0 && (
            <div
              className="flex items-baseline justify-between gap-3 border-t border-line px-4 py-2.5"
              aria-live="polite"
            >
              <span className={isOver ? 'text-bad' : 'text-soft'}>
                {isOver ? hand.over(formats.amount(rest.replace('-', ''), line.currency)) : hand.left}
              </span>
              {!isOver && <span className="tabular font-medium">{formats.amount(rest, line.currency)}</span>}
            </div>
          )}
        </section>
        {parts.length > 0 && !isOver && compareAmounts(rest, '0') > 0 && (
          <p className="-mt-2 text-sm text-warn">{hand.staysText}</p>
        )}
        <div className="flex flex-col gap-1.5">
          <SearchField
            ref={field}
            label={hand.search}
            placeholder={hand.search}
            data-first
            autoComplete="off"
            role="combobox"
            aria-expanded={results.length > 0}
            aria-controls="found-invoices"
            aria-activedescendant={marked >= 0 ? `found-${marked}` : undefined}
            value={q}
            onChange={(event) => {
              setQ(event.target.value)
              setAt(0)
            }}
            onKeyDown={press}
          />
          <p className="text-sm text-faint">{hand.hint}</p>
        </div>
        <section>
          {q.trim() === '' && results.length > 0 && (
            <h3 className="mb-1 text-sm font-medium text-faint">
              {hand.sameAmount(formats.amount(line.amount, line.currency))}
            </h3>
          )}
          <div id="found-invoices" role="listbox" aria-label={hand.search} className={isFetching ? 'opacity-60' : ''}>
            {results.map((invoice, index) => (
              <Found
                key={invoice.id}
                id={`found-${index}`}
                invoice={invoice}
                marked={index === marked}
                blocked={invoice.currency === line.currency ? undefined : hand.otherCurrency}
                onTake={() => take(invoice)}
              />
            ))}
          </div>
          {results.length === 0 && found !== undefined && (
            <p className="py-2 text-soft">{q.trim() === '' ? hand.start : hand.none}</p>
          )}
        </section>
      </div>
    </Dialog>
  )
}

const SETTLE_MS = 180

/** The invoices found for what is typed, once the typing pauses. `settled`: they are those of what stands in the field. */
function useFound(q: string, line: Transaction) {
  const payymo = useApi()
  const [sought, setSought] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSought(q.trim()), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [q])
  const query = useQuery({
    queryKey: ['invoices', 'found', sought, line.amount, line.currency],
    queryFn: ({ signal }) => findInvoices(payymo, sought, line, signal),
    placeholderData: keepPreviousData,
  })
  return { ...query, settled: sought === q.trim() && !query.isPlaceholderData }
}
