import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router'
import { type LucideIcon, Menu } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { classes } from '../design/classes.ts'
import { Empty } from '../design/states.tsx'
import { Toasts } from '../design/toast.tsx'
import { Bell } from '../screens/alerts/bell.tsx'
import { Account, SignOutButton } from './account.tsx'
import { useBranding } from './branding.ts'
import { FreshSignIn } from './fresh.tsx'
import { useLive } from './live.ts'
import { usePlaces } from './places.ts'
import { sessionQuery } from './router.tsx'
import { useSearch } from './search.tsx'
import type { Session } from './session.ts'
import { useStanding } from './standing.ts'
import { Seated, useSeat } from './tenant.tsx'
import { useWords } from './words.tsx'

/** The frame around every screen behind the sign-in. */
export function Shell() {
  const words = useWords()
  const { data: session } = useQuery<Session | null>({ ...sessionQuery, queryFn: () => null })
  if (!session) return null
  return (
    <Seated session={session} none={<Empty title={words.signIn.noTenant} action={<SignOutButton />} />}>
      <Toasts>
        <FreshSignIn>
          <Frame />
        </FreshSignIn>
      </Toasts>
    </Seated>
  )
}

function Frame() {
  const words = useWords()
  const places = usePlaces()
  const search = useSearch()
  const standing = useStanding()
  // The operator has no company: no news, no money, only the companies of others.
  useLive(standing === 'customer' || standing === 'partner')
  const { pathname } = useLocation()
  // The menu of narrow screens closes by itself on the way to another screen.
  const [openAt, setOpenAt] = useState<string>()
  const open = openAt === pathname
  const setOpen = (wanted: boolean) => setOpenAt(wanted ? pathname : undefined)
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-surface focus:p-2"
      >
        {words.app.skip}
      </a>
      <aside
        className={classes(
          'z-40 flex flex-col border-line bg-page lg:sticky lg:top-0 lg:h-dvh lg:border-r',
          open ? 'fixed inset-0' : 'max-lg:hidden',
        )}
      >
        <Head onMenu={() => setOpen(false)} open={open} />
        {search.button}
        <nav aria-label={words.app.menu} className="flex-1 overflow-y-auto px-3 py-2">
          {places.filter(({ group }) => group === undefined).map(item)}
          {(['money', 'set'] as const).map((name) => {
            const among = places.filter(({ group }) => group === name)
            return (
              among.length > 0 && (
                <Group key={name} title={words.nav[name]}>
                  {among.map(item)}
                </Group>
              )
            )
          })}
        </nav>
        <Account />
      </aside>
      <div className="min-w-0">
        <header className="sticky top-0 z-30 border-b border-line bg-page lg:hidden">
          <Head onMenu={() => setOpen(true)} open={false} search={search.small} />
        </header>
        <main id="content" tabIndex={-1} className="outline-none">
          {standing === 'operator' && pathname === '/' ? <Navigate to="/tenants" replace /> : <Outlet />}
        </main>
      </div>
      {search.window}
    </div>
  )
}

function Head({ onMenu, open, search }: { onMenu: () => void; open: boolean; search?: ReactNode }) {
  const words = useWords()
  const { tenant } = useSeat()
  const { logoUrl } = useBranding()
  const company = useStanding() !== 'operator'
  return (
    <div className="flex h-14 items-center gap-3 px-4">
      <img src={logoUrl} alt="" className="size-7 rounded-md object-contain" />
      <span className="min-w-0 flex-1 truncate font-semibold">{tenant.name}</span>
      {company && <Bell />}
      {search}
      <button
        type="button"
        onClick={onMenu}
        aria-expanded={open}
        className="-mr-2 inline-flex size-10 items-center justify-center rounded-lg hover:bg-sunken lg:hidden"
      >
        <Menu aria-hidden className="size-5" />
        <span className="sr-only">{open ? words.app.close : words.app.menu}</span>
      </button>
    </div>
  )
}

const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="mt-4">
    <h2 className="px-2.5 pb-1 text-xs font-medium text-faint">{title}</h2>
    {children}
  </section>
)

const item = ({ to, icon, label }: ReturnType<typeof usePlaces>[number]) => (
  <Item key={to} to={to} icon={icon} label={label} exact={to === '/'} />
)

const Item = ({
  to,
  icon: Icon,
  label,
  exact = false,
}: {
  to: string
  icon: LucideIcon
  label: string
  exact?: boolean
}) => (
  <Link
    to={to}
    activeOptions={{ exact, includeSearch: false }}
    className="flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 text-soft hover:bg-sunken hover:text-text"
    activeProps={{ className: 'bg-sunken text-text font-medium', 'aria-current': 'page' }}
  >
    <Icon aria-hidden className="size-4" />
    {label}
  </Link>
)
