import type { Tenant } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useStanding } from '../../app/standing.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Fault } from '../../design/fault.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { Radios } from '../../design/radios.tsx'
import { ENVIRONMENTS, KINDS, TIERS } from './filters.ts'
import { slugOf } from './slug.ts'

interface Given {
  name: string
  /** Undefined while it follows the name. */
  slug: string | undefined
  kind: Tenant['kind']
  tier: Tenant['tier']
  environment: Tenant['environment']
  parent: string
}

/** A new tenant. What a partner makes is a customer of its own; the operator says which kind, and whose. */
export function TenantForm({ onKept }: { onKept: (tenant: Tenant) => void }) {
  const { tenants: words } = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const operator = useStanding() === 'operator'
  const act = useAct(['name', 'slug', 'tier', 'kind', 'parent_id', 'environment'])
  const [given, setGiven] = useState<Given>({
    name: '',
    slug: undefined,
    kind: 'customer',
    tier: 'standard',
    environment: 'live',
    parent: '',
  })
  const partners = useQuery({
    queryKey: ['tenants', 'partners'],
    queryFn: ({ signal }) => payymo.tenants.list({ kind: 'partner', status: 'active', per_page: 100 }, { signal }),
    enabled: operator,
  })
  const slug = given.slug ?? slugOf(given.name)
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () =>
        payymo.tenants.create({
          name: given.name.trim(),
          slug,
          tier: given.tier,
          environment: given.environment,
          ...(operator ? { kind: given.kind } : {}),
          ...(operator && given.kind === 'customer' && given.parent !== '' ? { parent_id: given.parent } : {}),
        }),
      (tenant) => {
        void client.invalidateQueries({ queryKey: ['tenants'] })
        onKept(tenant)
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={words.name}
        required
        autoFocus
        maxLength={200}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        fault={act.faults.name}
      />
      <Field
        label={words.slug}
        hint={words.slugHint}
        required
        maxLength={63}
        pattern="[a-z0-9][a-z0-9\-]*"
        spellCheck={false}
        value={slug}
        onChange={(event) => setGiven({ ...given, slug: event.target.value })}
        fault={act.faults.slug}
      />
      {operator && (
        <Radios
          label={words.kind}
          value={given.kind}
          options={KINDS.map((value) => ({ value, label: words.kinds[value], hint: words.kindHints[value] }))}
          onChange={(kind) => setGiven({ ...given, kind })}
        />
      )}
      {operator && given.kind === 'customer' && (
        <Choice
          label={words.parent}
          value={given.parent}
          onChange={(event) => setGiven({ ...given, parent: event.target.value })}
        >
          <option value="">{words.noParent}</option>
          {partners.data?.data.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      <Radios
        label={words.environment}
        value={given.environment}
        options={ENVIRONMENTS.map((value) => ({
          value,
          label: words.environments[value],
          hint: words.environmentHints[value],
        }))}
        onChange={(environment) => setGiven({ ...given, environment })}
      />
      <Radios
        label={words.tier}
        value={given.tier}
        options={TIERS.map((value) => ({ value, label: words.tiers[value], hint: words.tierHints[value] }))}
        onChange={(tier) => setGiven({ ...given, tier })}
      />
      <Fault text={act.fault ?? act.faults.tier ?? act.faults.kind ?? act.faults.parent_id ?? act.faults.environment} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.create}
      </Button>
    </form>
  )
}
