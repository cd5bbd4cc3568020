import type { CreatedOAuthApplication, OAuthApplication } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useList } from '../../app/list.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { CopyText } from '../../design/copy.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Once } from '../../design/once.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { May } from '../keys/grid.tsx'
import { ApplicationForm } from './application-form.tsx'
import { Settings } from './frame.tsx'

/** The applications that people may let in. */
export function Applications() {
  const words = useWords()
  const { apps } = words.settings
  const payymo = useApi()
  const say = useSay()
  const may = useMay('admin')
  const [adding, setAdding] = useState(false)
  const [open, setOpen] = useState<OAuthApplication>()
  const [made, setMade] = useState<CreatedOAuthApplication>()
  const query = useList<OAuthApplication>(['oauth-applications'], (page, signal) =>
    payymo.oauthApplications.list(page, { signal }),
  )
  const name = (row: OAuthApplication) => (
    <button
      type="button"
      className="block max-w-full truncate text-left font-medium"
      onClick={(event) => {
        event.stopPropagation()
        setOpen(row)
      }}
    >
      {row.name}
    </button>
  )
  const state = ({ status }: OAuthApplication) => (
    <Badge tone={status === 'active' ? 'good' : 'neutral'}>{apps.states[status]}</Badge>
  )
  const columns: Column<OAuthApplication>[] = [
    { key: 'name', title: apps.name, width: 'minmax(0, 1fr)', cell: name },
    {
      key: 'client',
      title: apps.client,
      width: 'minmax(0, 1fr)',
      cell: ({ client_id }) => <p className="truncate font-mono text-sm text-soft">{client_id}</p>,
    },
    {
      key: 'may',
      title: words.keys.permissions,
      width: 'minmax(0, 1fr)',
      cell: ({ permissions }) => (
        <p className="truncate text-soft">
          <May permissions={permissions} />
        </p>
      ),
    },
    { key: 'state', title: apps.state, width: '7rem', cell: state },
  ]
  const add = may && (
    <Button weight="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {apps.add}
    </Button>
  )
  return (
    <Settings actions={add}>
      {made?.client_secret != null && (
        <Once
          title={apps.secretTitle(made.name)}
          text={apps.secretText}
          secrets={[
            { label: apps.client, value: made.client_id },
            { label: apps.clientSecret, value: made.client_secret },
          ]}
          done={apps.done}
          onDone={() => setMade(undefined)}
        />
      )}
      <p className="mb-3 text-soft">{apps.text}</p>
      <Card>
        <Rows
          label={words.settings.tabs.applications}
          columns={columns}
          query={query}
          onOpen={setOpen}
          narrow={(row) => (
            <>
              <div className="flex items-center justify-between gap-3">
                {name(row)}
                {state(row)}
              </div>
              <p className="truncate text-sm text-soft">
                <May permissions={row.permissions} />
              </p>
            </>
          )}
          empty={<Empty title={words.states.none}>{apps.empty}</Empty>}
        />
      </Card>
      <Dialog open={adding} onClose={() => setAdding(false)} side title={apps.add}>
        <ApplicationForm
          onKept={(kept) => {
            setAdding(false)
            setMade(kept)
          }}
        />
      </Dialog>
      <Dialog open={open !== undefined} onClose={() => setOpen(undefined)} side title={open?.name ?? ''}>
        {open && (
          <div className="flex flex-col gap-5">
            <div className="flex flex-col gap-1.5">
              <span className="text-sm font-medium">{apps.client}</span>
              <CopyText text={open.client_id} label={apps.client} />
              {open.token_endpoint_auth_method === 'none' && <p className="text-sm text-faint">{apps.isPublic}</p>}
            </div>
            <ApplicationForm
              key={open.id}
              application={open}
              onKept={() => {
                setOpen(undefined)
                say(words.app.saved)
              }}
            />
            <Ways application={open} onDone={() => setOpen(undefined)} />
          </div>
        )}
      </Dialog>
    </Settings>
  )
}

function Ways({ application: { id, status }, onDone }: { application: OAuthApplication; onDone: () => void }) {
  const { apps } = useWords().settings
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct()
  const [asking, setAsking] = useState<'stop' | 'remove'>()
  const after = (said: string) => {
    void client.invalidateQueries({ queryKey: ['oauth-applications'] })
    say(said)
    onDone()
  }
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <Fault text={act.fault} />
      <div className="flex flex-wrap gap-2">
        {status === 'active' ? (
          <Button onClick={() => setAsking('stop')}>{apps.stop}</Button>
        ) : (
          <Button
            busy={act.busy}
            onClick={() =>
              void act.run(
                () => payymo.oauthApplications.update(id, { status: 'active' }),
                () => after(apps.wentOn),
              )
            }
          >
            {apps.goOn}
          </Button>
        )}
        <Button weight="danger" onClick={() => setAsking('remove')}>
          {apps.remove}
        </Button>
      </div>
      <Confirm
        open={asking === 'stop'}
        onClose={() => setAsking(undefined)}
        title={apps.stopTitle}
        label={apps.stop}
        danger
        work={async () => {
          await payymo.oauthApplications.update(id, { status: 'disabled' })
          after(apps.stopped)
        }}
      >
        <p>{apps.stopText}</p>
      </Confirm>
      <Confirm
        open={asking === 'remove'}
        onClose={() => setAsking(undefined)}
        title={apps.removeTitle}
        label={apps.remove}
        danger
        work={async () => {
          await payymo.oauthApplications.delete(id)
          after(apps.removed)
        }}
      >
        <p>{apps.removeText}</p>
      </Confirm>
    </div>
  )
}
