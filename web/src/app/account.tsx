import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ChevronsUpDown, LogOut, UserRound } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuChoice, MenuItem, MenuRule } from '../design/menu.tsx'
import { signOut } from './session.ts'
import { useSeat } from './tenant.tsx'
import { readTheme, setTheme, type Theme } from './theme.ts'
import { LANGUAGES, useSpoken, useWords } from './words.tsx'

/** Who is here: the company looked at, language, appearance, and the way out. */
export function Account() {
  const { session, tenant, move } = useSeat()
  const { language, speak, words } = useSpoken()
  const [theme, choose] = useState<Theme>(readTheme)
  const leave = useSignOut()
  const navigate = useNavigate()
  return (
    <div className="border-t border-line p-3">
      <Menu
        side="top"
        trigger={
          <button
            type="button"
            className="flex min-h-10 w-full items-center gap-2 rounded-lg px-2.5 text-left hover:bg-sunken"
          >
            <span className="min-w-0 flex-1 truncate text-sm text-soft">{session.email}</span>
            <ChevronsUpDown aria-hidden className="size-4 text-faint" />
            <span className="sr-only">{words.app.account}</span>
          </button>
        }
      >
        {session.tenants.length > 1 && (
          <>
            <MenuChoice
              label={words.app.tenant}
              value={tenant.id}
              options={session.tenants.map(({ id, name }) => ({ value: id, label: name }))}
              onChoose={move}
            />
            <MenuRule />
          </>
        )}
        <MenuChoice
          label={words.app.language}
          value={language}
          options={LANGUAGES.map((each) => ({
            value: each,
            label: new Intl.DisplayNames(each, { type: 'language' }).of(each) ?? each,
          }))}
          onChoose={speak}
        />
        <MenuRule />
        <MenuChoice
          label={words.app.theme.label}
          value={theme}
          options={(['system', 'light', 'dark'] as const).map((each) => ({
            value: each,
            label: words.app.theme[each],
          }))}
          onChoose={(next) => {
            choose(next)
            setTheme(next)
          }}
        />
        <MenuRule />
        <MenuItem
          icon={<UserRound aria-hidden className="size-4" />}
          onSelect={() => void navigate({ to: '/settings/account' })}
        >
          {words.settings.tabs.account}
        </MenuItem>
        <MenuItem icon={<LogOut aria-hidden className="size-4" />} onSelect={leave}>
          {words.app.signOut}
        </MenuItem>
      </Menu>
    </div>
  )
}

/** Ends the session, forgets what was read, and goes to the door. */
function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return () =>
    void signOut().finally(() => {
      client.clear()
      void navigate({ to: '/sign-in' })
    })
}

export function SignOutButton() {
  const words = useWords()
  return (
    <button type="button" onClick={useSignOut()} className="text-soft underline underline-offset-4">
      {words.app.signOut}
    </button>
  )
}
