import type { Invoice, InvoiceMatch, MatchCandidates, Transaction } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { useInvoices } from '../invoices/numbers.ts'
import { useSentence, useSure } from '../review/bars.tsx'
import type { Part } from '../review/by-hand.tsx'
import { candidatesQuery } from '../review/queries.ts'
import { type Proposal, proposalsOf } from '../review/proposals.ts'

const SHOWN = 5

type Named = MatchCandidates['candidates'][number]['allocations'][number]

/** What else was thought of for a line that is not decided, and what was ruled out and why. `onTake` puts a reading together by
 *  hand; undefined for who may not decide. */
export function Readings({
  line,
  match,
  onTake,
}: {
  line: Transaction
  match: InvoiceMatch | undefined
  onTake: ((parts: Part[]) => void) | undefined
}) {
  const words = useWords()
  const sentence = useSentence()
  const { data: candidates } = useQuery(candidatesQuery(useApi(), line.id))
  const others = proposalsOf(match, candidates)
    .filter((proposal) => proposal.match === undefined)
    .slice(0, SHOWN)
  const ruledOut = (candidates?.ruled_out ?? []).slice(0, SHOWN)
  // What is put together by hand starts from the whole invoice.
  const invoices = useInvoices(others.flatMap(({ allocations }) => allocations.map(({ invoice_id }) => invoice_id)))
  const named = new Map(
    (candidates?.candidates ?? []).flatMap(({ allocations }) =>
      allocations.map((one) => [one.invoice_id, one] as const),
    ),
  )
  if (others.length === 0 && ruledOut.length === 0) return null
  return (
    <Card title={others.length === 0 ? words.review.ruledOut : words.transactions.readings(match !== undefined)}>
      <ul className="divide-y divide-line">
        {others.map((proposal) => (
          <Reading
            key={proposal.allocations.map(({ invoice_id }) => invoice_id).join(' ')}
            proposal={proposal}
            invoices={invoices}
            named={named}
            onTake={onTake}
          />
        ))}
      </ul>
      {ruledOut.length > 0 && (
        <div className="border-t border-line px-4 py-3 first:border-0">
          {others.length > 0 && <h3 className="mb-1.5 text-sm font-medium text-faint">{words.review.ruledOut}</h3>}
          <ul className="flex flex-col gap-1.5 text-sm">
            {ruledOut.map(({ invoice_id, invoice_number, code, text }) => (
              <li key={invoice_id + code} className="flex gap-3">
                <span className="w-24 shrink-0 truncate">
                  <InvoiceLink id={invoice_id} number={invoice_number} />
                </span>
                <span className="min-w-0 text-soft">{sentence(text)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  )
}

function Reading({
  proposal,
  invoices,
  named,
  onTake,
}: {
  proposal: Proposal
  invoices: ReadonlyMap<string, Invoice>
  named: ReadonlyMap<string, Named>
  onTake: ((parts: Part[]) => void) | undefined
}) {
  const words = useWords()
  const formats = useFormats()
  const sure = useSure()
  const parts = proposal.allocations.flatMap(({ invoice_id, amount }): Part[] => {
    const invoice = invoices.get(invoice_id)
    return invoice ? [{ invoice, typed: amount }] : []
  })
  const client = named.get(proposal.allocations[0]?.invoice_id ?? '')?.client
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-3">
          {proposal.allocations.map(({ invoice_id, amount, currency }) => (
            <span key={invoice_id} className="whitespace-nowrap">
              <InvoiceLink id={invoice_id} number={named.get(invoice_id)?.invoice_number ?? '…'} />
              <span className="tabular ml-2 text-soft">{formats.amount(amount, currency)}</span>
            </span>
          ))}
        </p>
        <p className="truncate text-sm text-faint">
          {words.review.sure(sure(proposal.confidence))}
          {client && ` · ${client.company || client.name}`}
        </p>
      </div>
      {onTake && (
        <Button
          className="min-h-8 px-2.5 text-sm"
          disabled={parts.length < proposal.allocations.length}
          onClick={() => onTake(parts)}
        >
          {words.transactions.takeThis}
        </Button>
      )}
    </li>
  )
}

const InvoiceLink = ({ id, number }: { id: string; number: string }) => (
  <Link
    to="/invoices/$id"
    params={{ id }}
    className="font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
  >
    {number}
  </Link>
)
