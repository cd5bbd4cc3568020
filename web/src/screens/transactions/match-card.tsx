import type { InvoiceMatch, Payment } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { compareAmounts } from '../../design/money.ts'
import { Bars, useSentence } from '../review/bars.tsx'
import { paymentsOfQuery } from '../review/queries.ts'

/** Which invoices the line pays, why, and what was booked for each. */
export function MatchCards({ match }: { match: InvoiceMatch }) {
  const words = useWords().transactions
  const sentence = useSentence()
  return (
    <>
      <Allocations match={match} />
      {match.withheld.length > 0 && match.status === 'suggested' && (
        <Card title={words.withheld}>
          <ul className="list-disc space-y-1 py-3 pr-4 pl-8">
            {match.withheld.map(({ code, text }) => (
              <li key={code + text}>{sentence(text)}</li>
            ))}
          </ul>
        </Card>
      )}
      {match.reasons.length > 0 && <Bars proposal={{ ...match, match, origin: 'engine' }} />}
    </>
  )
}

function Allocations({ match }: { match: InvoiceMatch }) {
  const words = useWords().transactions
  const formats = useFormats()
  const payments = useQuery({ ...paymentsOfQuery(useApi(), match.id), enabled: match.payments.length > 0 })
  return (
    <Card title={words.pays(match.allocations.length)}>
      <ul className="divide-y divide-line">
        {match.allocations.map(({ invoice_id, invoice_number, amount, currency }) => (
          <li key={invoice_id} className="px-4 py-3">
            <div className="flex items-baseline justify-between gap-3">
              <Link
                to="/invoices/$id"
                params={{ id: invoice_id }}
                className="min-w-0 truncate font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
              >
                {words.invoiceOf(invoice_number)}
              </Link>
              <span className="tabular font-semibold">{formats.amount(amount, currency)}</span>
            </div>
            {(payments.data?.data ?? [])
              .filter((payment) => payment.invoice_id === invoice_id)
              .map((payment) => (
                <PaymentLine key={payment.id} payment={payment} />
              ))}
          </li>
        ))}
      </ul>
      {match.reversal !== null && match.reversal.left.length > 0 && (
        <div className="border-t border-line px-4 py-3">
          <h3 className="text-sm font-medium">{words.leftToKnow}</h3>
          <ul className="mt-1 list-disc space-y-1 pl-4 text-sm text-soft">
            {match.reversal.left.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  )
}

export const PAYMENT_TONES: Record<Payment['state'], Tone> = {
  pending: 'info',
  sending: 'info',
  unknown: 'warn',
  applied: 'good',
  refused: 'bad',
  quarantined: 'bad',
  reversed: 'neutral',
}

/** A payment in the billing system: its state, the id it stands under there, and what is wrong with it. */
export function PaymentLine({ payment }: { payment: Payment }) {
  const words = useWords().transactions
  const formats = useFormats()
  const { state, undo } = payment
  const isWaiting = state === 'quarantined' || undo?.state === 'needs_person'
  return (
    <div className="mt-2 rounded-lg bg-sunken px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={PAYMENT_TONES[state]}>{words.payment[state]}</Badge>
        <span className="font-mono text-xs break-all text-soft" title={words.transid}>
          {payment.transaction_reference}
        </span>
        {payment.applied_at !== null && <span className="text-soft">{formats.moment(payment.applied_at)}</span>}
      </div>
      {compareAmounts(payment.surplus, '0') > 0 && (
        <p className="mt-1 text-soft">{words.surplus(formats.amount(payment.surplus, payment.currency))}</p>
      )}
      {payment.fees !== null && compareAmounts(payment.fees, '0') > 0 && (
        <p className="mt-1 text-soft">{words.fees(formats.amount(payment.fees, payment.currency))}</p>
      )}
      {payment.reason !== null && <p className="mt-1">{payment.reason}</p>}
      {undo !== null && (
        <p className="mt-1 text-soft">
          {words.undo[undo.state]} {undo.reason}
        </p>
      )}
      {isWaiting && (
        <Link
          to="/review"
          search={{ view: state === 'quarantined' ? 'quarantined' : 'reversals', item: payment.id }}
          className="mt-1 inline-block font-medium underline underline-offset-4"
        >
          {words.decide}
        </Link>
      )}
    </div>
  )
}
