import { ChevronsUpDown } from 'lucide-react'
import { type ButtonHTMLAttributes, lazy, Suspense, useState } from 'react'
import { withWords } from './lazy-screen.ts'
import { useSignOut } from './sign-out.ts'
import { useSeat } from './tenant.tsx'
import { useWords } from './words.tsx'

const load = withWords(() => import('./account-menu.tsx'), ['settings'])
const fetchMenu = () => void load().catch(() => {})
const AccountMenu = lazy(async () => ({ default: (await load()).AccountMenu }))

/** Who is here, and behind the name what can be done about it. Its menu is fetched when somebody comes near: the first load of a page
 *  goes without. */
export function Account() {
  const [asked, setAsked] = useState(false)
  const ask = (
    <Trigger aria-haspopup="menu" onPointerEnter={fetchMenu} onFocus={fetchMenu} onClick={() => setAsked(true)} />
  )
  return (
    <div className="border-t border-line p-3">
      {asked ? (
        <Suspense fallback={ask}>
          <AccountMenu trigger={<Trigger />} />
        </Suspense>
      ) : (
        ask
      )}
    </div>
  )
}

function Trigger(rest: ButtonHTMLAttributes<HTMLButtonElement>) {
  const words = useWords()
  const { session } = useSeat()
  return (
    <button
      {...rest}
      type="button"
      className="flex min-h-10 w-full items-center gap-2 rounded-lg px-2.5 text-left hover:bg-sunken"
    >
      <span className="min-w-0 flex-1 truncate text-sm text-soft">{session.email}</span>
      <ChevronsUpDown aria-hidden className="size-4 text-faint" />
      <span className="sr-only">{words.app.account}</span>
    </button>
  )
}

export function SignOutButton() {
  const words = useWords()
  return (
    <button type="button" onClick={useSignOut()} className="text-soft underline underline-offset-4">
      {words.app.signOut}
    </button>
  )
}
