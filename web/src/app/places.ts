import {
  ArrowLeftRight,
  Building2,
  KeyRound,
  Landmark,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Plug,
  ReceiptText,
  ScrollText,
  Settings,
  SlidersHorizontal,
  Users,
  UsersRound,
  Webhook,
} from 'lucide-react'
import type { Words } from '../words/en/index.ts'
import type { Membership } from './session.ts'
import { useStanding } from './standing.ts'
import { mayAs, useSeat } from './tenant.tsx'
import { useWords } from './words.tsx'

interface Place {
  to: string
  icon: LucideIcon
  name: keyof Words['nav']
  /** The heading it stands under; the first stands alone. */
  group?: 'money' | 'set'
  /** Who may open it; everybody unless said. */
  role?: Membership['role']
  /** `parents`: only the operator and partners; `all`: the operator too, who has no company of his own. */
  of?: 'parents' | 'all'
}

/** Where one can go, in the order of the navigation. The search over everything finds them too. */
const PLACES: readonly Place[] = [
  { to: '/', icon: LayoutDashboard, name: 'overview' },
  { to: '/review', icon: ListChecks, name: 'review', group: 'money' },
  { to: '/transactions', icon: ArrowLeftRight, name: 'transactions', group: 'money' },
  { to: '/invoices', icon: ReceiptText, name: 'invoices', group: 'money' },
  { to: '/clients', icon: UsersRound, name: 'clients', group: 'money' },
  { to: '/payouts', icon: Landmark, name: 'payouts', group: 'money' },
  { to: '/matching', icon: SlidersHorizontal, name: 'policy', group: 'set' },
  { to: '/connections', icon: Plug, name: 'connections', group: 'set' },
  { to: '/webhooks', icon: Webhook, name: 'webhooks', group: 'set' },
  { to: '/keys', icon: KeyRound, name: 'keys', group: 'set', role: 'admin' },
  { to: '/team', icon: Users, name: 'team', group: 'set' },
  { to: '/audit', icon: ScrollText, name: 'audit', group: 'set', role: 'admin' },
  { to: '/tenants', icon: Building2, name: 'tenants', group: 'set', of: 'parents' },
  { to: '/settings', icon: Settings, name: 'set', group: 'set', of: 'all' },
]

/** The places that the reader may open, named in their language. */
export function usePlaces(): { to: string; icon: LucideIcon; label: string; group: Place['group'] }[] {
  const words = useWords()
  const { tenant } = useSeat()
  const standing = useStanding()
  const stands = (of: Place['of']) =>
    of === 'parents' ? standing === 'operator' || standing === 'partner' : of === 'all' || standing !== 'operator'
  return PLACES.filter(({ role, of }) => stands(of) && (role === undefined || mayAs(tenant.role, role))).map(
    ({ to, icon, name, group }) => ({
      to,
      icon,
      label: words.nav[name],
      group,
    }),
  )
}
