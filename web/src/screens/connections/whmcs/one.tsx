import type { WhmcsInstanceDetails } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Card } from '../../../design/card.tsx'
import { Facts } from '../../../design/facts.tsx'
import { useFormats } from '../../../design/format.ts'
import { Notice } from '../notice.tsx'
import { ConnectionPage, NotYet } from '../one.tsx'
import { whmcsQuery } from '../queries.ts'
import { WhmcsActions } from './actions.tsx'
import { ModuleFacts } from './module.tsx'
import { Proof } from './proof.tsx'
import { isSetUp, SetUp } from './set-up.tsx'
import { BookingSettings } from './settings.tsx'
import { nameOf, WhmcsState } from './state.tsx'
import { ConnectionTest } from './connection-test.tsx'

/** One WHMCS: what is left to set up, how it stands, and how it is paid into. */
export function Whmcs({ id }: { id: string }) {
  const query = useQuery(whmcsQuery(useApi(), id))
  const may = useMay('admin')
  if (!query.data) return <NotYet query={query} />
  const instance = query.data
  const living = instance.status !== 'disconnected'
  return (
    <ConnectionPage title={nameOf(instance)} actions={<WhmcsActions instance={instance} />}>
      {living && instance.error && <Notice tone="bad">{instance.error.message}</Notice>}
      {living && !isSetUp(instance) && <SetUp instance={instance} />}
      {living && instance.verified_at === null && <Proof instance={instance} />}
      <div className="grid gap-4 lg:grid-cols-2">
        <About instance={instance} />
        <div className="flex flex-col gap-4">
          {instance.module && <ModuleFacts module={instance.module} />}
          {living && instance.verified_at !== null && <Proof instance={instance} />}
        </div>
      </div>
      {living && may && <ConnectionTest id={id} />}
      {living && <BookingSettings instance={instance} />}
    </ConnectionPage>
  )
}

function About({ instance }: { instance: WhmcsInstanceDetails }) {
  const { whmcs, connections } = useWords()
  const formats = useFormats()
  const moment = (at: string | null) => at && formats.moment(at)
  return (
    <Card title={connections.facts}>
      <div className="p-4">
        <Facts
          facts={[
            [connections.state, <WhmcsState key="state" instance={instance} />],
            [
              whmcs.address,
              <a
                key="url"
                href={instance.system_url}
                target="_blank"
                rel="noreferrer"
                className="break-all underline underline-offset-4"
              >
                {instance.system_url}
              </a>,
            ],
            [whmcs.mode, whmcs.modes[instance.mode]],
            [whmcs.lastSeen, moment(instance.last_seen_at) ?? whmcs.never],
            [whmcs.lastSync, moment(instance.last_sync_at)],
            [whmcs.nextSync, instance.status === 'disconnected' ? null : moment(instance.next_sync_at)],
            [whmcs.version, instance.version],
            [connections.since, formats.moment(instance.created_at)],
          ]}
        />
      </div>
    </Card>
  )
}
