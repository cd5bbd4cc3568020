import type { Tenant } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { tenantQuery } from '../../app/branding.ts'
import { useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { Installations } from './installations.tsx'
import { ModeCards } from './mode-cards.tsx'
import { givenOf, type Mode, modeOf, thresholdOf } from './policy.ts'
import { Preview } from './preview.tsx'
import { Shadow } from './shadow.tsx'
import { Values } from './values.tsx'

/** How much Payymo decides by itself, and within which limits. */
export function Matching() {
  const words = useWords()
  const { payymo, tenant } = useSeat()
  const query = useQuery(tenantQuery(payymo, tenant.id))
  return (
    <Page title={words.matching.title}>
      {query.data ? (
        <Policy tenant={query.data} />
      ) : (
        <Card>
          {query.isError ? (
            <Failed error={query.error} again={() => void query.refetch()} />
          ) : (
            <Waiting rows={6} label={words.states.loading} />
          )}
        </Card>
      )}
    </Page>
  )
}

function Policy({ tenant }: { tenant: Tenant }) {
  const { matching: words } = useWords()
  const { payymo } = useSeat()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const act = useAct()
  const [looking, setLooking] = useState(false)
  const [busy, setBusy] = useState<Mode>()
  const mode = modeOf(tenant)
  const change = (next: Mode) => payymo.tenants.update(tenant.id, { settings: { matching: { mode: next } } })
  const kept = (next: Tenant) => {
    client.setQueryData(['tenant', tenant.id], next)
    say(words.modes.switched[modeOf(next)])
  }
  /** Less of it can be chosen at once; booking without a person wants a look first. */
  function choose(next: Mode) {
    if (next === 'auto') {
      setLooking(true)
      return
    }
    setBusy(next)
    void act.run(() => change(next), kept).finally(() => setBusy(undefined))
  }
  return (
    <div className="flex flex-col gap-4">
      <ModeCards mode={mode} busy={busy} may={may} onChoose={choose} />
      <Fault text={act.fault} />
      <Shadow watching={mode === 'shadow'} />
      <Values key={JSON.stringify(givenOf(tenant))} tenant={tenant} />
      <Installations />
      <Preview
        open={looking}
        onClose={() => setLooking(false)}
        policy={NO_CHANGE}
        threshold={thresholdOf(tenant)}
        onSwitch={async () => kept(await change('auto'))}
      />
    </div>
  )
}

const NO_CHANGE = {}
