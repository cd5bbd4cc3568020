import type { ChangeTenantRequest, Tenant } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { tenantQuery } from '../../app/branding.ts'
import { useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { Settings } from './frame.tsx'
import { Preview } from './preview.tsx'

/** How the company's Payymo looks, seen before it is kept. */
export function Branding() {
  const words = useWords()
  const { payymo, tenant } = useSeat()
  const query = useQuery(tenantQuery(payymo, tenant.id))
  return (
    <Settings>
      {query.isPending && <Waiting rows={5} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && <Form key={query.data.updated_at} tenant={query.data} />}
    </Settings>
  )
}

const PARTS = ['product_name', 'primary_color', 'logo_url', 'support_email', 'custom_domain'] as const
export type Look = Record<(typeof PARTS)[number], string>

function Form({ tenant }: { tenant: Tenant }) {
  const words = useWords()
  const { payymo } = useSeat()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const before = Object.fromEntries(PARTS.map((part) => [part, tenant.branding[part] ?? ''])) as Look
  const [given, setGiven] = useState(before)
  const act = useAct(PARTS.map((part) => `branding.${part}`))
  const { look } = words.settings
  const branding = changeOf(before, given)
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => payymo.tenants.update(tenant.id, { branding }),
      (kept) => {
        client.setQueryData(['tenant', tenant.id], kept)
        say(words.app.saved)
      },
    )
  }
  const field = (part: keyof Look) => ({
    value: given[part],
    disabled: !may,
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [part]: event.target.value }),
    fault: act.faults[`branding.${part}`],
  })
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)] lg:items-start">
      <Card>
        <form onSubmit={submit} className="flex flex-col gap-5 p-4 sm:p-5">
          <p className="text-soft">
            {look.text} {look.inherited}
          </p>
          <Field
            label={look.product}
            hint={look.productHint}
            maxLength={60}
            placeholder="Payymo"
            {...field('product_name')}
          />
          <div className="flex items-start gap-3">
            <Field
              label={look.colour}
              hint={look.colourHint}
              maxLength={7}
              placeholder="#1f6f5c"
              className="min-w-0 flex-1"
              {...field('primary_color')}
            />
            <Picker
              colour={given.primary_color}
              disabled={!may}
              onPick={(primary_color) => setGiven({ ...given, primary_color })}
            />
          </div>
          <Field label={look.logo} hint={look.logoHint} type="url" placeholder="https://" {...field('logo_url')} />
          <Field label={look.support} hint={look.supportHint} type="email" {...field('support_email')} />
          <Field label={look.domain} hint={look.domainHint} {...field('custom_domain')} />
          <Fault text={act.fault} />
          {may ? (
            <Button
              type="submit"
              weight="primary"
              busy={act.busy}
              disabled={Object.keys(branding).length === 0}
              className="self-end"
            >
              {words.app.save}
            </Button>
          ) : (
            <p className="text-sm text-faint">{words.settings.readOnly}</p>
          )}
        </form>
      </Card>
      <Preview look={given} company={tenant.name} />
    </div>
  )
}

/** Only what was changed is sent; what is emptied is taken back, and the partner's or ours shows. */
const changeOf = (before: Look, given: Look): NonNullable<ChangeTenantRequest['branding']> =>
  Object.fromEntries(
    PARTS.flatMap((part) => {
      const value = given[part].trim()
      return value === before[part] ? [] : [[part, value === '' ? null : value]]
    }),
  )

function Picker({ colour, disabled, onPick }: { colour: string; disabled: boolean; onPick: (colour: string) => void }) {
  const { look } = useWords().settings
  const id = useId()
  return (
    <div className="pt-6.5">
      <label htmlFor={id} className="sr-only">
        {look.pick}
      </label>
      <input
        id={id}
        type="color"
        disabled={disabled}
        value={/^#[0-9a-f]{6}$/i.test(colour) ? colour : '#1f6f5c'}
        onChange={(event) => onPick(event.target.value)}
        className="block h-10 w-12 cursor-pointer rounded-lg border border-line-strong bg-surface p-1"
      />
    </div>
  )
}
