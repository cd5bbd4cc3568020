import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useStanding } from '../../app/standing.ts'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Page } from '../../design/page.tsx'

const TAB =
  '-mb-px inline-flex min-h-10 items-center border-b-2 border-transparent px-1 font-medium text-soft whitespace-nowrap hover:text-text'

/** The settings, part by part. The operator has no company to set up, only his own account. */
export function Settings({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  const { settings } = useWords()
  const admin = useMay('admin')
  const company = useStanding() !== 'operator'
  const strip = useRef<HTMLElement>(null)
  // Where it is narrow the strip scrolls: the part one is in is in sight.
  useEffect(() => {
    const here = strip.current?.querySelector<HTMLElement>('[aria-current]')
    if (strip.current && here) strip.current.scrollLeft = here.offsetLeft - 16
  }, [])
  const tabs = [
    company && ({ to: '/settings', name: settings.tabs.company } as const),
    company && ({ to: '/settings/branding', name: settings.tabs.branding } as const),
    company && admin && ({ to: '/settings/applications', name: settings.tabs.applications } as const),
    { to: '/settings/account', name: settings.tabs.account } as const,
  ].filter((tab) => tab !== false)
  return (
    <Page title={settings.title} actions={actions}>
      <nav ref={strip} aria-label={settings.title} className="mb-5 flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map(({ to, name }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: true }}
            className={TAB}
            activeProps={{ className: 'border-b-brand! text-text!', 'aria-current': 'page' }}
          >
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  )
}
