import type { CreatedOAuthApplication, CreateOAuthApplicationRequest, OAuthApplication } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Area } from '../../design/area.tsx'
import { Button } from '../../design/button.tsx'
import { Check } from '../../design/check.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { PermissionGrid } from '../keys/grid.tsx'
import { knownPermissions, type Permission } from '../keys/permissions.ts'

type Grant = OAuthApplication['grant_types'][number]

/** A new application, or one there is: what it may, how it gets in, and where browsers go back to. */
export function ApplicationForm({
  application,
  onKept,
}: {
  application?: OAuthApplication
  onKept: (kept: OAuthApplication | CreatedOAuthApplication) => void
}) {
  const words = useWords()
  const { apps } = words.settings
  const payymo = useApi()
  const client = useQueryClient()
  const act = useAct(['name', 'redirect_uris', 'permissions', 'grant_types'])
  const [name, setName] = useState(application?.name ?? '')
  const [redirects, setRedirects] = useState(application?.redirect_uris.join('\n') ?? '')
  const [permissions, setPermissions] = useState<readonly Permission[]>(
    knownPermissions(application?.permissions ?? []),
  )
  const [grants, setGrants] = useState<readonly Grant[]>(
    application?.grant_types ?? ['authorization_code', 'refresh_token'],
  )
  const [isPublic, setPublic] = useState(application?.token_endpoint_auth_method === 'none')
  const [tried, setTried] = useState(false)
  const byPerson = grants.includes('authorization_code')
  const addresses = redirects.split(/\s+/).filter((address) => address !== '')
  const missing = {
    grant: tried && grants.length === 0 ? apps.needsGrant : undefined,
    redirect: tried && byPerson && addresses.length === 0 ? apps.needsRedirect : undefined,
    permission: tried && permissions.length === 0 ? words.keys.chooseSome : undefined,
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (grants.length === 0 || permissions.length === 0 || (byPerson && addresses.length === 0)) return
    const wanted = {
      name: name.trim(),
      redirect_uris: byPerson ? addresses : [],
      permissions: [...permissions],
      grant_types: [...grants],
    } satisfies CreateOAuthApplicationRequest
    void act.run<OAuthApplication>(
      () =>
        application
          ? payymo.oauthApplications.update(application.id, wanted)
          : payymo.oauthApplications.create({ ...wanted, ...(isPublic ? { token_endpoint_auth_method: 'none' } : {}) }),
      (kept) => {
        void client.invalidateQueries({ queryKey: ['oauth-applications'] })
        onKept(kept)
      },
    )
  }
  const setGrant = (grant: Grant, wanted: boolean) => {
    const next = [...grants.filter((one) => one !== grant), ...(wanted ? [grant] : [])]
    // Nothing goes on that nobody let in.
    setGrants(next.includes('authorization_code') ? next : next.filter((one) => one !== 'refresh_token'))
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={apps.name}
        hint={apps.nameHint}
        required
        autoFocus
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={act.faults.name}
      />
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{apps.grants}</legend>
        {(['authorization_code', 'refresh_token', 'client_credentials'] as const).map((grant) => (
          <div key={grant} className={grant === 'refresh_token' ? 'pl-6.5' : ''}>
            <Check
              label={apps.grantNames[grant]}
              checked={grants.includes(grant)}
              disabled={(grant === 'refresh_token' && !byPerson) || (grant === 'client_credentials' && isPublic)}
              onChange={(wanted) => setGrant(grant, wanted)}
            />
          </div>
        ))}
        {(missing.grant ?? act.faults.grant_types) !== undefined && (
          <p role="alert" className="text-sm text-bad">
            {missing.grant ?? act.faults.grant_types}
          </p>
        )}
      </fieldset>
      {byPerson && (
        <Area
          label={apps.redirects}
          hint={apps.redirectsHint}
          spellCheck={false}
          value={redirects}
          onChange={(event) => setRedirects(event.target.value)}
          fault={missing.redirect ?? act.faults.redirect_uris}
        />
      )}
      {!application && (
        <Check
          label={apps.publicOne}
          hint={apps.publicHint}
          checked={isPublic}
          onChange={(wanted) => {
            setPublic(wanted)
            if (wanted) setGrant('client_credentials', false)
          }}
        />
      )}
      <PermissionGrid
        value={permissions}
        onChange={setPermissions}
        fault={missing.permission ?? act.faults.permissions}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {application ? words.app.save : apps.add}
      </Button>
    </form>
  )
}
