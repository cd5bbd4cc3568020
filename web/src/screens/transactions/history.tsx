import type { MatchReason, TransactionHistoryEntry } from '@payymo/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import {
  BadgeCheck,
  Check,
  CircleAlert,
  CircleHelp,
  CircleSlash,
  FileInput,
  Lightbulb,
  type LucideIcon,
  Pencil,
  Send,
  Undo2,
  X,
} from 'lucide-react'
import { useApi } from '../../app/tenant.tsx'
import { useSpoken, useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { type Moment, Timeline } from '../../design/timeline.tsx'
import { useSentence, useSure } from '../review/bars.tsx'
import { historyQuery } from './queries.ts'

const LOOKS: Record<string, [LucideIcon, NonNullable<Moment['tone']>]> = {
  'transaction.create': [FileInput, 'neutral'],
  'transaction.change': [Pencil, 'neutral'],
  'match.suggest': [Lightbulb, 'info'],
  'match.create': [Check, 'good'],
  'match.already_booked': [BadgeCheck, 'good'],
  'match.approve': [Check, 'good'],
  'match.reject': [X, 'neutral'],
  'match.supersede': [CircleSlash, 'neutral'],
  'match.release': [CircleSlash, 'neutral'],
  'match.apply': [BadgeCheck, 'good'],
  'match.fail': [CircleAlert, 'bad'],
  'match.confirm': [Check, 'good'],
  'match.reverse_request': [Undo2, 'warn'],
  'match.reverse': [Undo2, 'warn'],
  'payment.request': [Send, 'neutral'],
  'payment.offer': [Send, 'neutral'],
  'payment.apply': [BadgeCheck, 'good'],
  'payment.refuse': [CircleAlert, 'bad'],
  'payment.quarantine': [CircleHelp, 'bad'],
  'payment.lose_sight': [CircleHelp, 'warn'],
  'payment.undo_request': [Undo2, 'warn'],
  'payment.undo_step': [Undo2, 'neutral'],
  'payment.undo_stop': [CircleAlert, 'bad'],
  'payment.reverse': [Undo2, 'warn'],
  'alert.open': [CircleAlert, 'warn'],
}

/** Everything that happened to the line, newest first: recorded, proposed and why, decided and by whom, booked and under which id. */
export function History({ id }: { id: string }) {
  const words = useWords()
  const query = useInfiniteQuery(historyQuery(useApi(), id))
  const toMoment = useMoment()
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <Card title={words.transactions.history}>
      {query.isPending && <Waiting rows={4} label={words.states.loading} />}
      {query.isError && entries.length === 0 && <Failed error={query.error} again={() => void query.refetch()} />}
      {entries.length > 0 && <Timeline moments={entries.map(toMoment)} />}
      {query.hasNextPage && (
        <div className="border-t border-line p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words.transactions.earlier}
          </Button>
        </div>
      )}
    </Card>
  )
}

/** Before and after, as the audit trail keeps them: fields of any kind. */
type Changes = { before?: Record<string, unknown>; after?: Record<string, unknown> } | null

function useMoment(): (entry: TransactionHistoryEntry) => Moment {
  const words = useWords().transactions
  const formats = useFormats()
  const sure = useSure()
  return (entry) => {
    const [icon, tone] = LOOKS[entry.action] ?? [Pencil, 'neutral' as const]
    const own = words.happened[entry.action]
    const { actor, match, payment } = entry
    const changes: Changes = entry.changes
    const text = own?.({
      invoices: match?.allocations.map(({ invoice_number }) => invoice_number) ?? [payment?.invoice_number ?? ''],
      sure: match ? sure(match.confidence) : '',
      amount: payment ? formats.amount(payment.amount, payment.currency) : '',
      transid: payment?.transaction_reference ?? '',
      isSystem: actor?.type === 'system',
      gateway: entry.gateway ?? undefined,
      after: changes?.after ?? {},
      before: changes?.before ?? {},
    })
    const who = actor === null ? undefined : actor.type === 'system' ? words.system : actor.name || words.somebody
    return {
      id: entry.id,
      icon,
      tone,
      text: text ?? entry.text,
      about: [who, formats.moment(entry.at)].filter((part) => part !== undefined).join(' · '),
      more: match && <Reasons action={entry.action} match={match} />,
    }
  }
}

const TOLD = new Set(['match.suggest', 'match.already_booked', 'match.create'])

/** What spoke for it at that time, for those who ask. */
function Reasons({ action, match }: { action: string; match: NonNullable<TransactionHistoryEntry['match']> }) {
  const words = useWords().transactions
  if (!TOLD.has(action) || match.reasons.length === 0) return null
  return (
    <details className="mt-1 text-sm">
      <summary className="inline-block min-h-6 cursor-pointer rounded text-soft underline decoration-line-strong underline-offset-4 hover:text-text">
        {words.why}
      </summary>
      <ul className="mt-1.5 flex flex-col gap-1 border-l-2 border-line pl-3">
        {[...match.reasons, ...match.withheld].map((reason) => (
          <Reason key={reason.code + reason.text} reason={reason} />
        ))}
      </ul>
    </details>
  )
}

function Reason({ reason }: { reason: MatchReason }) {
  const sentence = useSentence()
  const { locale } = useSpoken()
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 1 })
  return (
    <li className="flex gap-3">
      <span className="tabular w-9 shrink-0 text-right text-faint">
        {reason.weight === 0 ? '' : signed.format(reason.weight)}
      </span>
      <span className="min-w-0 text-soft">{sentence(reason.text)}</span>
    </li>
  )
}
