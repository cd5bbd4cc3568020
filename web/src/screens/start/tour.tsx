import { Link } from '@tanstack/react-router'
import {
  ArrowLeftRight,
  BookCheck,
  ChevronRight,
  Landmark,
  ListChecks,
  type LucideIcon,
  ScrollText,
  SlidersHorizontal,
  Webhook,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'

const LINK = 'group flex min-h-16 items-center gap-4 px-4 py-3 hover:bg-sunken sm:px-5'

/** Through the sandbox company: what happened in its month, and where to see it. */
export function Tour() {
  const { start: words } = useWords()
  const { tour } = words
  return (
    <Card title={tour.title}>
      <p className="px-4 pt-4 text-soft sm:px-5">{tour.text}</p>
      <ol className="mt-3 divide-y divide-line border-t border-line">
        <li>
          <Link to="/transactions" search={{ match_status: 'applied' }} className={LINK}>
            <Stop icon={BookCheck} {...tour.booked} />
          </Link>
        </li>
        <li>
          <Link to="/review" className={LINK}>
            <Stop icon={ListChecks} {...tour.review} />
          </Link>
        </li>
        <li>
          <Link to="/transactions" search={{ match_status: 'matched' }} className={LINK}>
            <Stop icon={ArrowLeftRight} {...tour.before} />
          </Link>
        </li>
        <li>
          <Link to="/payouts" className={LINK}>
            <Stop icon={Landmark} {...tour.payouts} />
          </Link>
        </li>
        <li>
          <Link to="/matching" className={LINK}>
            <Stop icon={SlidersHorizontal} {...tour.matching} />
          </Link>
        </li>
        <li>
          <Link to="/webhooks" className={LINK}>
            <Stop icon={Webhook} {...tour.webhooks} />
          </Link>
        </li>
        <li>
          <Link to="/audit" className={LINK}>
            <Stop icon={ScrollText} {...tour.audit} />
          </Link>
        </li>
      </ol>
    </Card>
  )
}

const Stop = ({ icon: Icon, title, text }: { icon: LucideIcon; title: string; text: string }): ReactNode => (
  <>
    <span className="inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-sunken text-soft">
      <Icon aria-hidden className="size-4" />
    </span>
    <span className="min-w-0 flex-1">
      <span className="block font-medium">{title}</span>
      <span className="block text-sm text-soft">{text}</span>
    </span>
    <ChevronRight aria-hidden className="size-4 shrink-0 text-faint group-hover:text-text" />
  </>
)
