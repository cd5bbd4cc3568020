import type { ListedPayout } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'
import { useFormats } from '../../design/format.ts'

const TONES: Record<string, Tone> = {
  paid: 'good',
  in_transit: 'info',
  pending: 'info',
  failed: 'bad',
  canceled: 'neutral',
}

/** Where the money is, in Stripe's sense. */
export function PayoutState({ status }: { status: string }) {
  const { statuses } = useWords().payouts
  return <Badge tone={TONES[status] ?? 'neutral'}>{(statuses as Record<string, string>)[status] ?? status}</Badge>
}

/** Whether the items add up to it. */
export function Explained({ payout }: { payout: Pick<ListedPayout, 'explained' | 'currency'> }) {
  const words = useWords().payouts
  const formats = useFormats()
  const { complete, composition, difference } = payout.explained
  if (complete) return <Badge tone="good">{words.toTheCent}</Badge>
  if (composition === 'open') return <Badge>{words.notYet}</Badge>
  if (composition === 'unexplained') return <Badge tone="warn">{words.unexplained}</Badge>
  return <Badge tone="bad">{words.differs(formats.amount(difference.replace('-', ''), payout.currency))}</Badge>
}

/** Whether its line at the bank is known. */
export function AtBank({ payout }: { payout: ListedPayout }) {
  const words = useWords().payouts
  if (payout.bank_transaction_id !== null) return <Badge tone="good">{words.found}</Badge>
  if (!payout.to_bank) return <span className="text-sm text-faint">{words.noBank}</span>
  if (payout.bank_candidates.length > 0)
    return <Badge tone="warn">{words.candidates(payout.bank_candidates.length)}</Badge>
  if (payout.status === 'failed' || payout.status === 'canceled') return <span className="text-faint">–</span>
  return <Badge>{words.notFound}</Badge>
}
