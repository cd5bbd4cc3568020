import type { Tenant } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Radios } from '../../design/radios.tsx'
import { useSay } from '../../design/toast.tsx'
import {
  changeOf,
  defaultTolerance,
  type Given,
  givenOf,
  homeCurrencyOf,
  SCORERS,
  thresholdOf,
  toShare,
  tryOf,
  wrongOf,
} from './policy.ts'
import { Preview } from './preview.tsx'

const NAMES = {
  'settings.matching.auto_threshold': 'threshold',
  'settings.matching.max_auto_amount': 'cap',
  'settings.matching.fee_tolerance': 'tolerance',
  'settings.matching.date_window_days': 'window',
  'settings.matching.start_on': 'startOn',
} as const

/** The limits within which Payymo decides, with what they would book before they are kept. */
export function Values({ tenant }: { tenant: Tenant }) {
  const words = useWords()
  const { matching: said } = words
  const { payymo } = useSeat()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const mayTry = useMay('reviewer')
  const before = givenOf(tenant)
  const [given, setGiven] = useState(before)
  const [trying, setTrying] = useState(false)
  const act = useAct(Object.keys(NAMES))
  const currency = homeCurrencyOf(tenant)
  const tolerance = defaultTolerance(currency)
  const formats = useFormats()
  const wrong = wrongOf(given)
  const changed = (Object.keys(given) as (keyof Given)[]).some((name) => given[name].trim() !== before[name].trim())
  const faultOf = (field: keyof typeof NAMES): string | undefined => {
    const name = NAMES[field]
    return wrong[name] ? said.values.wrong[name as 'threshold' | 'window'] : act.faults[field]
  }
  const typed = (field: keyof typeof NAMES) => ({
    value: given[NAMES[field]],
    disabled: !may,
    fault: faultOf(field),
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [NAMES[field]]: event.target.value }),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    if (Object.keys(wrong).length > 0) return
    void act.run(
      () => payymo.tenants.update(tenant.id, changeOf(before, given, currency)),
      (kept) => {
        client.setQueryData(['tenant', tenant.id], kept)
        say(words.app.saved)
      },
    )
  }
  return (
    <Card title={said.values.title}>
      <form onSubmit={submit} className="flex flex-col gap-5 p-4 sm:p-5">
        <div className="grid gap-5 md:grid-cols-2">
          <Field
            label={said.values.threshold}
            hint={said.values.thresholdHint}
            inputMode="decimal"
            placeholder="99"
            {...typed('settings.matching.auto_threshold')}
          />
          <Field
            label={said.values.cap(currency)}
            hint={said.values.capHint}
            inputMode="decimal"
            placeholder={said.values.noCap}
            {...typed('settings.matching.max_auto_amount')}
          />
          <Field
            label={said.values.tolerance(currency)}
            hint={said.values.toleranceHint(formats.amount(tolerance, currency))}
            inputMode="decimal"
            placeholder={tolerance}
            {...typed('settings.matching.fee_tolerance')}
          />
          <Field
            label={said.values.window}
            hint={said.values.windowHint}
            inputMode="numeric"
            placeholder="200"
            {...typed('settings.matching.date_window_days')}
          />
          <Field
            label={said.values.startOn}
            hint={said.values.startOnHint}
            type="date"
            {...typed('settings.matching.start_on')}
          />
        </div>
        <Radios
          label={said.values.scorer}
          value={given.scorer}
          disabled={!may}
          options={SCORERS.map((value) => ({ value, ...said.values.scorers[value] }))}
          onChange={(scorer) => setGiven({ ...given, scorer })}
        />
        <Fault text={act.fault} />
        <div className="flex flex-wrap justify-end gap-2">
          {mayTry && (
            <Button disabled={Object.keys(wrong).length > 0} onClick={() => setTrying(true)}>
              {said.values.tryIt}
            </Button>
          )}
          {may && (
            <Button type="submit" weight="primary" busy={act.busy} disabled={!changed}>
              {words.app.save}
            </Button>
          )}
        </div>
        {!may && <p className="text-sm text-faint">{said.readOnly}</p>}
      </form>
      <Preview
        open={trying}
        onClose={() => setTrying(false)}
        threshold={toShare(given.threshold) ?? thresholdOf(tenant)}
        policy={tryOf(given, currency)}
      />
    </Card>
  )
}
