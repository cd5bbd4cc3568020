import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { tenantQuery } from '../../app/branding.ts'
import { useApi, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { useSentence } from './bars.tsx'
import { paymentsOfQuery } from './queries.ts'
import type { Work } from './work.ts'

/** Why this waits for a person: what the engine withholds it for, else what the tenant's policy says. */
export function Why({ work }: { work: Work }) {
  const words = useWords().review
  const sentence = useSentence()
  const policy = usePolicySays(work)
  const { match, candidates } = work
  const withheld = match?.withheld ?? candidates?.withheld ?? []
  const reasons =
    withheld.length > 0 ? withheld.map(({ text }) => sentence(text)) : policy === undefined ? [] : [policy]
  if (reasons.length === 0) return null
  return (
    <Banner title={words.why} tone="info">
      {reasons.length === 1 ? (
        reasons[0]
      ) : (
        <ul className="list-disc pl-4">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </Banner>
  )
}

const THRESHOLD = 0.99

function usePolicySays({ match }: Work): string | undefined {
  const words = useWords().review
  const formats = useFormats()
  const { payymo, tenant } = useSeat()
  const { data } = useQuery(tenantQuery(payymo, tenant.id))
  if (!match) return words.whyPolicy.none
  if (match.reasons.some(({ code }) => code === 'decided_by_person')) return words.whyPolicy.person
  if (!data) return undefined
  const { matching } = data.settings as { matching?: { mode?: string | null; auto_threshold?: number | null } | null }
  const mode = matching?.mode ?? 'suggest'
  const threshold = matching?.auto_threshold ?? THRESHOLD
  if (mode === 'shadow') return words.whyPolicy.shadow
  if (mode !== 'auto') return words.whyPolicy.suggest
  return match.confidence < threshold
    ? words.whyPolicy.below(formats.percent(threshold, Number.isInteger(threshold * 100) ? 0 : 2))
    : undefined
}

/** What WHMCS said of the payments that it refused. */
export function Refused({ matchId }: { matchId: string }) {
  const words = useWords().review
  const { data } = useQuery(paymentsOfQuery(useApi(), matchId))
  const reasons = [
    ...new Set(
      (data?.data ?? []).flatMap(({ state, reason }) => (state === 'refused' && reason !== null ? [reason] : [])),
    ),
  ]
  return (
    <Banner title={words.refused} tone="bad">
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </Banner>
  )
}

const TONES = {
  info: 'bg-info-soft text-info',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
}

export const Banner = ({
  title,
  tone,
  children,
  action,
}: {
  title: string
  tone: keyof typeof TONES
  children?: ReactNode
  action?: ReactNode
}) => (
  <section className={classes('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-xl px-4 py-3', TONES[tone])}>
    {tone === 'info' ? null : <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />}
    <div className="min-w-0 flex-1">
      <h3 className="text-sm font-semibold">{title}</h3>
      <div className="text-sm text-text">{children}</div>
    </div>
    {action}
  </section>
)
