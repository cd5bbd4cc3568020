import { useNavigate } from '@tanstack/react-router'
import { LogOut, UserRound } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Menu, MenuChoice, MenuItem, MenuRule } from '../design/menu.tsx'
import { useSignOut } from './sign-out.ts'
import { useSeat } from './tenant.tsx'
import { readTheme, setTheme, type Theme } from './theme.ts'
import { LANGUAGES } from './word-store.ts'
import { useSpoken } from './words.tsx'

/** The company looked at, language, appearance, and the way out. It stands open when it is first asked for. */
export function AccountMenu({ trigger }: { trigger: ReactNode }) {
  const { session, tenant, move } = useSeat()
  const { language, speak, words } = useSpoken()
  const [theme, choose] = useState<Theme>(readTheme)
  const leave = useSignOut()
  const navigate = useNavigate()
  return (
    <Menu side="top" startsOpen trigger={trigger}>
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
  )
}
