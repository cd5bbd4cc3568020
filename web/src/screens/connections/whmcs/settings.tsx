import type { WhmcsInstanceDetails } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Field } from '../../../design/field.tsx'
import { Radios } from '../../../design/radios.tsx'
import { Switch } from '../../../design/switch.tsx'
import { useSay } from '../../../design/toast.tsx'

/** How payments are written into an installation. What was changed stays until it is saved. */
export function BookingSettings({ instance }: { instance: WhmcsInstanceDetails }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const act = useAct(['payment_method', 'settings'])
  const saved = { method: instance.payment_method, ...instance.settings }
  const [changes, setChanges] = useState<Partial<typeof saved>>({})
  const shown = { ...saved, ...changes }
  const names = Object.keys(changes) as (keyof typeof saved)[]
  const changed = names.some((name) => changes[name] !== saved[name])
  const set = (change: Partial<typeof saved>) => setChanges((before) => ({ ...before, ...change }))
  function submit(event: FormEvent) {
    event.preventDefault()
    const { method, ...settings } = shown
    void act.run(
      () =>
        payymo.whmcsInstances.update(instance.id, {
          ...(method === saved.method ? {} : { payment_method: method.trim() }),
          settings,
        }),
      () => {
        setChanges({})
        say(words.app.saved)
        void client.invalidateQueries({ queryKey: ['whmcs-instances'] })
      },
    )
  }
  return (
    <Card title={words.whmcs.settings}>
      <form onSubmit={submit} className="grid gap-5 p-4 lg:grid-cols-2">
        <Radios
          label={words.whmcs.surplus}
          value={shown.surplus}
          disabled={!may}
          onChange={(surplus) => set({ surplus })}
          options={[
            { value: 'leave', label: words.whmcs.surplusLeave, hint: words.whmcs.surplusLeaveHint },
            { value: 'credit', label: words.whmcs.surplusCredit, hint: words.whmcs.surplusCreditHint },
          ]}
        />
        <div className="flex flex-col gap-4">
          <Field
            label={words.whmcs.method}
            hint={words.whmcs.methodHint}
            required
            disabled={!may}
            spellCheck={false}
            value={shown.method}
            onChange={(event) => set({ method: event.target.value })}
            fault={act.faults.payment_method}
          />
          <Switch
            label={words.whmcs.mails}
            hint={words.whmcs.mailsHint}
            disabled={!may}
            checked={shown.confirmation_email}
            onChange={(confirmation_email) => set({ confirmation_email })}
          />
          <Switch
            label={words.whmcs.fees}
            hint={words.whmcs.feesHint}
            disabled={!may}
            checked={shown.stripe_fees}
            onChange={(stripe_fees) => set({ stripe_fees })}
          />
        </div>
        {(changed || act.fault !== undefined) && (
          <div className="flex flex-wrap items-center justify-end gap-2 lg:col-span-2">
            <div className="min-w-0 flex-1">
              <Fault text={act.fault ?? act.faults.settings} />
            </div>
            <Button onClick={() => setChanges({})}>{words.app.cancel}</Button>
            <Button type="submit" weight="primary" busy={act.busy}>
              {words.app.save}
            </Button>
          </div>
        )}
      </form>
    </Card>
  )
}
