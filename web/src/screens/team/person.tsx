import type { User } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Act, useAct } from '../../app/act.ts'
import { useApi, useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Facts } from '../../design/facts.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import type { Role } from './filters.ts'
import { RoleChoice } from './role.tsx'
import { isPast, nameOf, UserState } from './state.tsx'

/** One person of the team, beside the list: name and role, and the ways out and in. */
export function PersonPanel({ userId, onClose }: { userId: string | undefined; onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const query = useQuery({
    queryKey: ['users', 'one', userId],
    queryFn: ({ signal }) => payymo.users.get(userId ?? '', { signal }),
    enabled: userId !== undefined,
  })
  return (
    <Dialog
      open={userId !== undefined}
      onClose={onClose}
      side
      title={query.data ? nameOf(query.data) : words.team.person}
    >
      {query.isPending && <Waiting rows={5} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && <Person key={query.data.updated_at} user={query.data} onClose={onClose} />}
    </Dialog>
  )
}

function Person({ user, onClose }: { user: User; onClose: () => void }) {
  const words = useWords()
  const formats = useFormats()
  const { tenant } = useSeat()
  const you = user.id === tenant.user_id
  const bound = useBound(user)
  const until = user.invitation_expires_at
  return (
    <div className="flex flex-col gap-6">
      <Facts
        facts={[
          [words.team.email, user.email],
          [
            words.team.state,
            <span key="state" className="flex gap-2">
              <UserState user={user} />
              {you && <Badge>{words.team.you}</Badge>}
            </span>,
          ],
          [words.team.lastIn, user.last_signed_in_at ? formats.moment(user.last_signed_in_at) : words.team.never],
          [words.team.invitedUntil, until && formats.moment(until)],
          [words.team.since, formats.day(user.created_at)],
        ]}
      />
      {until !== null && isPast(until) && (
        <p className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">{words.team.expired}</p>
      )}
      {bound !== undefined && <p className="rounded-lg bg-info-soft px-3 py-2 text-sm text-info">{bound}</p>}
      {bound === undefined && you && (
        <p className="rounded-lg bg-info-soft px-3 py-2 text-sm text-info">{words.team.self}</p>
      )}
      <Change user={user} bound={bound !== undefined} you={you} />
      <Ways user={user} bound={bound !== undefined} you={you} onClose={onClose} />
    </div>
  )
}

/** Why this person cannot be changed, in words; undefined when he can. */
function useBound(user: User): string | undefined {
  const { team } = useWords()
  const payymo = useApi()
  const admin = useMay('admin')
  const owner = useMay('owner')
  const isOwner = user.role === 'owner'
  const owners = useQuery({
    queryKey: ['users', 'owners'],
    queryFn: ({ signal }) => payymo.users.list({ role: 'owner', status: 'active', per_page: 2 }, { signal }),
    enabled: isOwner && user.status === 'active',
  })
  if (!admin) return team.onlyAdmins
  if (!isOwner) return undefined
  if (!owner) return team.notOwners
  return user.status === 'active' && owners.data?.data.length === 1 ? team.lastOwner : undefined
}

/** What is done to the person, and read anew. Who changes his own rights begins anew, with those he has then. */
function useChange(you: boolean, act: Act) {
  const client = useQueryClient()
  return (work: () => PromiseLike<unknown>, done: () => void) =>
    act.run(work, () => {
      void client.invalidateQueries({ queryKey: ['users'] })
      if (you) location.assign('/')
      done()
    })
}

function Change({ user, bound, you }: { user: User; bound: boolean; you: boolean }) {
  const words = useWords()
  const payymo = useApi()
  const say = useSay()
  const act = useAct(['name'])
  const change = useChange(you, act)
  const admin = useMay('admin')
  const [name, setName] = useState(user.name)
  const [role, setRole] = useState<Role>(user.role)
  const changed = name.trim() !== user.name || role !== user.role
  // The name of the last owner may change; that of somebody above oneself may not.
  const mayName = useMay(user.role === 'owner' ? 'owner' : 'admin')
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const wanted = {
          ...(name.trim() === user.name ? {} : { name: name.trim() }),
          ...(role === user.role ? {} : { role }),
        }
        void change(
          () => payymo.users.update(user.id, wanted),
          () => say(words.app.saved),
        )
      }}
    >
      <Field
        label={words.team.name}
        maxLength={100}
        disabled={!mayName}
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={act.faults.name}
      />
      <RoleChoice value={role} onChange={setRole} disabled={bound} />
      <Fault text={act.fault} />
      {admin && changed && (
        <Button type="submit" weight="primary" busy={act.busy} className="self-end">
          {words.app.save}
        </Button>
      )}
    </form>
  )
}

function Ways({ user, bound, you, onClose }: { user: User; bound: boolean; you: boolean; onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const say = useSay()
  const client = useQueryClient()
  const act = useAct()
  const change = useChange(you, act)
  const [asking, setAsking] = useState<'disable' | 'remove'>()
  if (bound) return null
  const name = nameOf(user)
  const setStatus = (status: 'active' | 'invited', said: string) =>
    void change(
      () => payymo.users.update(user.id, { status }),
      () => say(said),
    )
  const gone = (said: string) => {
    void client.invalidateQueries({ queryKey: ['users'] })
    say(said)
    if (you) location.assign('/')
  }
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <Fault text={act.fault} />
      <div className="flex flex-wrap gap-2">
        {user.status === 'invited' && (
          <Button busy={act.busy} onClick={() => setStatus('invited', words.team.resent)}>
            {words.team.resend}
          </Button>
        )}
        {user.status === 'active' && <Button onClick={() => setAsking('disable')}>{words.team.disable}</Button>}
        {user.status === 'disabled' && (
          <Button
            busy={act.busy}
            onClick={() => setStatus(user.last_signed_in_at === null ? 'invited' : 'active', words.team.enabled(name))}
          >
            {words.team.enable}
          </Button>
        )}
        <Button weight="danger" onClick={() => setAsking('remove')}>
          {words.team.remove}
        </Button>
      </div>
      <Confirm
        open={asking === 'disable'}
        onClose={() => setAsking(undefined)}
        title={words.team.disableTitle(name)}
        label={words.team.disable}
        danger
        work={async () => {
          await payymo.users.update(user.id, { status: 'disabled' })
          gone(words.team.disabled(name))
        }}
      >
        <p>{words.team.disableText}</p>
      </Confirm>
      <Confirm
        open={asking === 'remove'}
        onClose={() => setAsking(undefined)}
        title={words.team.removeTitle(name)}
        label={words.team.remove}
        danger
        work={async () => {
          await payymo.users.delete(user.id)
          onClose()
          gone(words.team.removed(name))
        }}
      >
        <p>{user.status === 'invited' ? words.team.removeInvitedText : words.team.removeText}</p>
      </Confirm>
    </div>
  )
}
