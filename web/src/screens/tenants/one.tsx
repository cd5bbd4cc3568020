import type { CreatedApiKey, Tenant } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useStanding } from '../../app/standing.ts'
import { useApi, useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { Facts } from '../../design/facts.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { KeyOnce } from '../keys/state.tsx'
import { HealthCard } from './health.tsx'
import { TenantKeys } from './keys.tsx'
import { RemoveTenant } from './remove.tsx'
import { TenantState } from './state.tsx'

/** One company: what it is, its keys, and what its partner or the operator may do with it. */
export function TenantDetails() {
  const words = useWords()
  const payymo = useApi()
  const { id } = useParams({ from: '/inside/tenants/$id' })
  const [made, setMade] = useState<CreatedApiKey>()
  const query = useQuery({
    queryKey: ['tenants', 'one', id],
    queryFn: ({ signal }) => payymo.tenants.get(id, { signal }),
  })
  const tenant = query.data
  return (
    <Page
      title={tenant?.name ?? words.tenants.one}
      back={
        <Link to="/tenants" className={BACK}>
          <BackText>{words.tenants.title}</BackText>
        </Link>
      }
      actions={tenant && tenant.status !== 'deleted' && <Actions tenant={tenant} />}
    >
      {made && <KeyOnce made={made} onDone={() => setMade(undefined)} />}
      <div className="flex flex-col gap-4">
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <Card title={words.tenants.one}>
            {query.isPending && <Waiting rows={4} label={words.states.loading} />}
            {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
            {tenant && <About tenant={tenant} />}
          </Card>
          {tenant && tenant.status !== 'deleted' && <HealthCard tenant={tenant} />}
        </div>
        {tenant && tenant.status !== 'deleted' && <TenantKeys tenant={tenant} onMade={setMade} />}
      </div>
    </Page>
  )
}

function About({ tenant }: { tenant: Tenant }) {
  const { tenants: words } = useWords()
  const formats = useFormats()
  const mono = (text: string) => <span className="font-mono text-sm break-all">{text}</span>
  return (
    <div className="flex flex-col gap-3 p-4">
      {tenant.status === 'suspended' && (
        <p className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">{words.suspendedText}</p>
      )}
      <Facts
        facts={[
          [words.state, <TenantState key="state" tenant={tenant} />],
          [words.kind, words.kinds[tenant.kind]],
          [words.tier, `${words.tiers[tenant.tier]}: ${words.tierHints[tenant.tier]}`],
          [words.environment, words.environments[tenant.environment]],
          [words.parent, tenant.parent_id === null ? undefined : <Parent key="parent" id={tenant.parent_id} />],
          [words.slug, mono(tenant.slug)],
          [words.id, mono(tenant.id)],
          [words.since, formats.moment(tenant.created_at)],
        ]}
      />
      {tenant.kind === 'partner' && (
        <Link
          to="/tenants"
          search={{ parent_id: tenant.id }}
          className="self-start underline decoration-line-strong underline-offset-4 hover:decoration-current"
        >
          {words.tenantsOf(tenant.name)}
        </Link>
      )}
    </div>
  )
}

function Parent({ id }: { id: string }) {
  const payymo = useApi()
  const query = useQuery({
    queryKey: ['tenants', 'one', id],
    queryFn: ({ signal }) => payymo.tenants.get(id, { signal }),
  })
  return (
    <Link
      to="/tenants/$id"
      params={{ id }}
      className="underline decoration-line-strong underline-offset-4 hover:decoration-current"
    >
      {query.data?.name ?? id}
    </Link>
  )
}

function Actions({ tenant }: { tenant: Tenant }) {
  const { tenants: words } = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const act = useAct()
  const { session, tenant: own, move } = useSeat()
  const standing = useStanding()
  const admin = useMay('admin')
  const [asking, setAsking] = useState<'suspend' | 'remove'>()
  const { id, name, status, tier } = tenant
  // Nobody suspends, upgrades or deletes the company he works for.
  const may = admin && id !== own.id && (standing === 'operator' || standing === 'partner')
  const member = id !== own.id && session.tenants.some((one) => one.id === id)
  const changed = () => void client.invalidateQueries({ queryKey: ['tenants'] })
  const other = tier === 'standard' ? 'premium' : 'standard'
  const update = async (change: { status?: 'active' | 'suspended'; tier?: Tenant['tier'] }, said?: string) => {
    client.setQueryData(['tenants', 'one', id], await payymo.tenants.update(id, change))
    changed()
    if (said !== undefined) say(said)
  }
  return (
    <>
      {member && <Button onClick={() => move(id)}>{words.lookAt}</Button>}
      {may && (
        <>
          <Button busy={act.busy} onClick={() => void act.run(() => update({ tier: other }))}>
            {words.changeTier(words.tiers[other])}
          </Button>
          {status === 'active' ? (
            <Button onClick={() => setAsking('suspend')}>{words.suspend}</Button>
          ) : (
            <Button
              weight="primary"
              busy={act.busy}
              onClick={() => void act.run(() => update({ status: 'active' }, words.resumed(name)))}
            >
              {words.resume}
            </Button>
          )}
          <Button weight="danger" onClick={() => setAsking('remove')}>
            {words.remove}
          </Button>
        </>
      )}
      {act.fault !== undefined && (
        <div className="basis-full">
          <Fault text={act.fault} />
        </div>
      )}
      <Confirm
        open={asking === 'suspend'}
        onClose={() => setAsking(undefined)}
        title={words.suspendTitle(name)}
        label={words.suspend}
        danger
        work={() => update({ status: 'suspended' }, words.suspended(name))}
      >
        <p>{words.suspendText}</p>
      </Confirm>
      <RemoveTenant
        tenant={tenant}
        open={asking === 'remove'}
        onClose={() => setAsking(undefined)}
        onRemoved={() => {
          changed()
          say(words.removed(name))
          void navigate({ to: '/tenants' })
        }}
      />
    </>
  )
}
