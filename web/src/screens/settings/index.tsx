import type { ChangeTenantRequest, Tenant } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { tenantQuery } from '../../app/branding.ts'
import { useStanding } from '../../app/standing.ts'
import { useMay, useSeat } from '../../app/tenant.tsx'
import { useSpoken, useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { Fault } from '../../design/fault.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { Settings } from './frame.tsx'

/** The company: name, and what days, mails and sums go by. */
export function Company() {
  const words = useWords()
  const { payymo, tenant } = useSeat()
  const query = useQuery(tenantQuery(payymo, tenant.id))
  const operator = useStanding() === 'operator'
  if (operator) return <Navigate to="/settings/account" replace />
  return (
    <Settings>
      <div className="flex max-w-2xl flex-col gap-4">
        <Card>
          {query.isPending && <Waiting rows={5} label={words.states.loading} />}
          {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
          {query.data && <Form key={query.data.updated_at} tenant={query.data} />}
        </Card>
        {query.data && <About tenant={query.data} />}
      </div>
    </Settings>
  )
}

type Given = Record<'name' | 'timezone' | 'locale' | 'home_currency', string>

const LOCALES = ['en-GB', 'en-IE', 'en-US', 'de-DE', 'de-AT', 'de-CH']

function Form({ tenant }: { tenant: Tenant }) {
  const words = useWords()
  const { payymo } = useSeat()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const lists = useLists()
  const before = givenOf(tenant)
  const [given, setGiven] = useState(before)
  const act = useAct(['name', 'settings.timezone', 'settings.locale', 'settings.home_currency'])
  const changed = (Object.keys(given) as (keyof Given)[]).some((field) => given[field] !== before[field])
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => payymo.tenants.update(tenant.id, changeOf(before, given)),
      (kept) => {
        client.setQueryData(['tenant', tenant.id], kept)
        void client.invalidateQueries({ queryKey: ['reports'] })
        say(words.app.saved)
      },
    )
  }
  const { company } = words.settings
  const choose = (field: keyof Given) => ({
    value: given[field],
    disabled: !may,
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [field]: event.target.value }),
  })
  return (
    <form onSubmit={submit} className="flex flex-col gap-5 p-4 sm:p-5">
      <Field
        label={company.name}
        hint={company.nameHint}
        required
        maxLength={200}
        fault={act.faults.name}
        {...choose('name')}
      />
      <Hinted hint={company.zoneHint} fault={act.faults['settings.timezone']}>
        <Choice label={company.zone} {...choose('timezone')}>
          <option value="">{company.zoneDefault}</option>
          {withValue(lists.zones, given.timezone).map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </Choice>
      </Hinted>
      <Hinted fault={act.faults['settings.locale']}>
        <Choice label={company.locale} {...choose('locale')}>
          <option value="">{company.localeDefault}</option>
          {withValue(LOCALES, given.locale).map((tag) => (
            <option key={tag} value={tag}>
              {lists.languages.of(tag)}
            </option>
          ))}
        </Choice>
      </Hinted>
      <Hinted hint={company.currencyHint} fault={act.faults['settings.home_currency']}>
        <Choice label={company.currency} {...choose('home_currency')}>
          <option value="">{company.currencyDefault('EUR')}</option>
          {withValue(lists.currencies, given.home_currency).map((code) => (
            <option key={code} value={code}>
              {code} · {lists.currencyNames.of(code)}
            </option>
          ))}
        </Choice>
      </Hinted>
      <Fault text={act.fault} />
      {may ? (
        <Button type="submit" weight="primary" busy={act.busy} disabled={!changed} className="self-end">
          {words.app.save}
        </Button>
      ) : (
        <p className="text-sm text-faint">{words.settings.readOnly}</p>
      )}
    </form>
  )
}

function Hinted({ hint, fault, children }: { hint?: string; fault: string | undefined; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      {children}
      {hint !== undefined && <p className="text-sm text-faint">{hint}</p>}
      {fault !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}

/** What the browser knows of zones, languages and currencies, named in the reader's language. */
function useLists() {
  const { locale } = useSpoken()
  return useMemo(
    () => ({
      zones: ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')],
      currencies: Intl.supportedValuesOf('currency'),
      languages: new Intl.DisplayNames(locale, { type: 'language' }),
      currencyNames: new Intl.DisplayNames(locale, { type: 'currency' }),
    }),
    [locale],
  )
}

const withValue = (values: readonly string[], value: string): readonly string[] =>
  value === '' || values.includes(value) ? values : [value, ...values]

function givenOf({ name, settings }: Tenant): Given {
  const kept: { timezone?: string; locale?: string; home_currency?: string } = settings
  return { name, timezone: kept.timezone ?? '', locale: kept.locale ?? '', home_currency: kept.home_currency ?? '' }
}

/** Only what was changed is sent, so that two people at it do not undo each other; empty takes the default back. */
function changeOf(before: Given, given: Given): ChangeTenantRequest {
  const settings = (['timezone', 'locale', 'home_currency'] as const).flatMap((field) =>
    given[field] === before[field] ? [] : [[field, given[field] === '' ? null : given[field]] as const],
  )
  return {
    ...(given.name === before.name ? {} : { name: given.name.trim() }),
    ...(settings.length === 0 ? {} : { settings: Object.fromEntries(settings) }),
  }
}

function About({ tenant }: { tenant: Tenant }) {
  const { company } = useWords().settings
  const formats = useFormats()
  return (
    <Card>
      <div className="p-4 sm:p-5">
        <Facts
          facts={[
            [company.environment, company.environments[tenant.environment]],
            [company.tier, formats.count(tenant.tier === 'premium' ? 5_000 : 1_000)],
            [company.slug, <Id key="slug" text={tenant.slug} />],
            [company.id, <Id key="id" text={tenant.id} />],
            [company.since, formats.day(tenant.created_at)],
          ]}
        />
      </div>
    </Card>
  )
}

const Id = ({ text }: { text: string }) => <span className="font-mono text-sm break-all">{text}</span>
