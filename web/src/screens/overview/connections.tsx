import { Link } from '@tanstack/react-router'
import {
  ChevronRight,
  CircleAlert,
  CircleCheck,
  CreditCard,
  Info,
  Landmark,
  ReceiptText,
  TriangleAlert,
} from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { consentShare, daysLeft } from '../connections/bank/days.ts'
import { byGravity, type Health, healthOfBank, healthOfStripe, healthOfWhmcs } from './health.ts'
import { useConnections } from './queries.ts'

const MOODS = {
  good: { Icon: CircleCheck, colour: 'text-good' },
  info: { Icon: Info, colour: 'text-info' },
  warn: { Icon: TriangleAlert, colour: 'text-warn' },
  bad: { Icon: CircleAlert, colour: 'text-bad' },
}

/** How each connection stands, what needs somebody first. */
export function ConnectionsHealth() {
  const { overview: words, banks, states } = useWords()
  const formats = useFormats()
  const [nowMs] = useState(() => Date.now())
  const { data, error, again } = useConnections()
  const say = { words: words.health, faults: banks.faults, ago: formats.ago, day: formats.day, nowMs }
  const rows = data && [
    ...data.banks.map((bank) => ({ kind: 'bank' as const, ...healthOfBank(bank, say) })),
    ...data.whmcs.map((instance) => ({ kind: 'whmcs' as const, ...healthOfWhmcs(instance, say) })),
    ...data.stripe.map((account) => ({ kind: 'stripe' as const, ...healthOfStripe(account, say) })),
  ]
  return (
    <Card
      title={words.connections}
      action={
        <Link to="/connections" className="inline-flex min-h-6 items-center text-sm text-soft hover:text-text">
          {words.toConnections}
        </Link>
      }
    >
      {!data && !error && <Waiting rows={3} label={states.loading} />}
      {!data && error && <Failed error={error} again={again} />}
      {rows?.length === 0 && <p className="p-4 text-soft">{words.health.none}</p>}
      {rows && rows.length > 0 && (
        <ul className="divide-y divide-line">
          {rows.toSorted(byGravity).map((health) => (
            <Row key={health.id} health={health} kind={health.kind} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </Card>
  )
}

const KINDS = { bank: Landmark, whmcs: ReceiptText, stripe: CreditCard }

function Row({ health, kind, nowMs }: { health: Health; kind: keyof typeof KINDS; nowMs: number }) {
  const { overview: words } = useWords()
  const { Icon, colour } = MOODS[health.mood]
  const Kind = KINDS[kind]
  return (
    <li>
      <Link
        to="/connections/$id"
        params={{ id: health.id }}
        className="group flex min-h-16 items-center gap-3 px-4 py-2.5 hover:bg-sunken"
      >
        {health.consentEndsAt === undefined ? (
          <span className="inline-flex size-10 shrink-0 items-center justify-center rounded-full bg-sunken text-soft">
            <Kind aria-hidden className="size-4.5" />
          </span>
        ) : (
          <Ring days={daysLeft(health.consentEndsAt, nowMs)} />
        )}
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            <span className="truncate font-medium">{health.name}</span>
            <span className="shrink-0 text-sm text-faint">{words.health.kinds[kind]}</span>
          </span>
          <span className="flex items-start gap-1.5 text-sm text-soft">
            <Icon aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${colour}`} />
            <span className="min-w-0 break-words">{health.text}</span>
          </span>
        </span>
        {health.step === undefined ? (
          <ChevronRight aria-hidden className="size-4 shrink-0 text-faint group-hover:text-text" />
        ) : (
          <span className="shrink-0 text-sm font-medium underline underline-offset-4">{health.step}</span>
        )}
      </Link>
    </li>
  )
}

const RADIUS = 17
const ROUND = 2 * Math.PI * RADIUS
const SOON_DAYS = 14

/** Days of consent that are left; the words beside it say so too. */
function Ring({ days }: { days: number }) {
  const formats = useFormats()
  const colour = days === 0 ? 'text-bad' : days <= SOON_DAYS ? 'text-warn' : 'text-good'
  return (
    <span aria-hidden className={`relative size-10 shrink-0 ${colour}`}>
      <svg viewBox="0 0 40 40" className="size-10 -rotate-90">
        <circle cx="20" cy="20" r={RADIUS} fill="none" strokeWidth="4" className="stroke-sunken" />
        <circle
          cx="20"
          cy="20"
          r={RADIUS}
          fill="none"
          stroke="currentColor"
          strokeWidth="4"
          strokeLinecap="round"
          strokeDasharray={`${ROUND * consentShare(days)} ${ROUND}`}
        />
      </svg>
      <span className="tabular absolute inset-0 flex items-center justify-center text-xs font-semibold text-text">
        {formats.count(days)}
      </span>
    </span>
  )
}
