import type { User } from '@payymo/sdk'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useList } from '../../app/list.ts'
import { useApi, useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { FilterChoice } from '../../design/filters.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { ROLES, STATES, type TeamFilters } from './filters.ts'
import { InviteDialog } from './invite.tsx'
import { PersonPanel } from './person.tsx'
import { nameOf, UserState } from './state.tsx'

/** Who works here, and what each may. */
export function Team() {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const navigate = useNavigate()
  const { tenant } = useSeat()
  const may = useMay('admin')
  const [inviting, setInviting] = useState(false)
  const { user: open, ...filters } = useSearch({ from: '/inside/team' })
  const query = useList<User>(['users', filters], (page, signal) =>
    payymo.users.list({ ...page, ...filters, sort: 'email' }, { signal }),
  )
  const show = (user: string | undefined) =>
    void navigate({ to: '/team', search: { ...filters, ...(user === undefined ? {} : { user }) } })
  const who = (row: User) => (
    <button
      type="button"
      className="flex max-w-full items-center gap-2 text-left font-medium"
      onClick={(event) => {
        event.stopPropagation()
        show(row.id)
      }}
    >
      <span className="truncate">{nameOf(row)}</span>
      {row.id === tenant.user_id && <Badge>{words.team.you}</Badge>}
    </button>
  )
  const lastIn = ({ last_signed_in_at: at }: User) => (at === null ? words.team.never : formats.ago(at))
  const columns: Column<User>[] = [
    { key: 'who', title: words.team.person, width: 'minmax(0, 1fr)', cell: who },
    {
      key: 'email',
      title: words.team.email,
      width: 'minmax(0, 1fr)',
      cell: ({ email }) => <p className="truncate text-soft">{email}</p>,
    },
    { key: 'role', title: words.team.role, width: '9rem', cell: ({ role }) => words.team.roles[role] },
    { key: 'state', title: words.team.state, width: '8rem', cell: (row) => <UserState user={row} /> },
    {
      key: 'last',
      title: words.team.lastIn,
      width: '9rem',
      end: true,
      cell: (row) => <span className="text-soft">{lastIn(row)}</span>,
    },
  ]
  return (
    <Page
      title={words.team.title}
      actions={
        may && (
          <Button weight="primary" icon={<UserPlus aria-hidden className="size-4" />} onClick={() => setInviting(true)}>
            {words.team.invite}
          </Button>
        )
      }
    >
      <Card>
        <Filters filters={filters} />
        <Rows
          label={words.team.title}
          columns={columns}
          query={query}
          onOpen={({ id }) => show(id)}
          narrow={(row) => (
            <>
              <div className="flex items-center justify-between gap-3">
                {who(row)}
                <UserState user={row} />
              </div>
              <p className="truncate text-sm text-soft">
                {words.team.roles[row.role]} · {row.name === '' ? lastIn(row) : row.email}
              </p>
            </>
          )}
          empty={
            <Empty
              title={words.states.noneFound}
              action={<Button onClick={() => void navigate({ to: '/team', search: {} })}>{words.states.clear}</Button>}
            />
          }
        />
      </Card>
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
      <PersonPanel userId={open} onClose={() => show(undefined)} />
    </Page>
  )
}

function Filters({ filters }: { filters: TeamFilters }) {
  const { team } = useWords()
  const navigate = useNavigate()
  const change = (next: { [K in keyof TeamFilters]: TeamFilters[K] | undefined }) =>
    void navigate({
      to: '/team',
      replace: true,
      search: compact({ ...filters, ...next }),
    })
  return (
    <search className="flex flex-wrap gap-2 border-b border-line p-3">
      <FilterChoice
        label={team.role}
        value={filters.role}
        options={ROLES.map((value) => ({ value, label: team.roles[value] }))}
        onChoose={(role) => change({ role })}
      />
      <FilterChoice
        label={team.state}
        value={filters.status}
        options={STATES.map((value) => ({ value, label: team.states[value] }))}
        onChoose={(status) => change({ status })}
      />
    </search>
  )
}
