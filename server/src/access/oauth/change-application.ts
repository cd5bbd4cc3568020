import { AppError, notFound } from '../../base/errors.ts'
import { type Id, newId, type TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { keyDigest } from '../credentials/key-format.ts'
import { refuseBeyond } from '../keys/create-key.ts'
import {
  type ApplicationRow,
  type ApplicationState,
  type GrantType,
  insertApplication,
  lockApplication,
  removeApplication,
  updateApplication,
} from './application-queries.ts'
import { newClientSecret } from './chance.ts'
import { checkRedirectUris } from './check-redirect-uris.ts'

export interface ApplicationDeps {
  store: Store
  pepper: Secret
}

/** An application and its secret: the only time that it is seen. */
export interface FreshApplication {
  application: ApplicationRow
  secret: string | null
}

const BEYOND = 'An application cannot be allowed more than whoever registers it'

/** Registers an application of the tenant. `granter`: what the maker holds; the application never gets more (403). `isPublic`:
 *  it can keep no secret and gets none. Throws `validation_failed` for addresses and grant types that do not go together. */
export async function createApplication(
  deps: ApplicationDeps,
  by: { tenantId: TenantId; actor: Actor; granter: ReadonlySet<string> },
  wanted: Omit<ApplicationState, 'status'> & { isPublic: boolean },
): Promise<FreshApplication> {
  refuseBeyond(by.granter, wanted.permissions, BEYOND)
  checkGrants(wanted, wanted.isPublic)
  const secret = wanted.isPublic ? null : newClientSecret()
  return deps.store.change(by.tenantId, by.actor, async (tx) => {
    const application = await insertApplication(tx, {
      ...wanted,
      id: newId('app'),
      status: 'active',
      secretDigest: secret === null ? null : keyDigest(deps.pepper.reveal(), secret),
      createdBy: by.actor.id,
    })
    tx.audit({
      action: 'oauth_application.create',
      resource: { type: 'application', id: application.id },
      changes: { after: { ...factsOf(application), public: wanted.isPublic } },
    })
    return { application, secret }
  })
}

/** Changes an application. Whoever does must hold what it may do afterwards, unless he only switches it off. Tokens that are
 *  out follow within two seconds. Throws `resource_not_found`, else as `createApplication`. */
export async function changeApplication(
  store: Store,
  by: { tenantId: TenantId; actor: Actor; granter: ReadonlySet<string> },
  id: Id<'app'>,
  change: Partial<ApplicationState>,
): Promise<ApplicationRow> {
  return store.change(by.tenantId, by.actor, async (tx) => {
    const before = await lockApplication(tx, id)
    if (!before) throw notFound()
    const after = { ...before, ...change }
    const changed = KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    if (changed.length === 0) return before
    const onlyEnds = changed.every((key) => key === 'status') && after.status === 'disabled'
    if (!onlyEnds) refuseBeyond(by.granter, after.permissions, BEYOND)
    checkGrants(after, before.secretDigest === null)
    const application = await updateApplication(tx, after)
    const pick = (row: ApplicationRow) => Object.fromEntries(changed.map((key) => [NAMES[key], row[key]]))
    tx.audit({
      action: 'oauth_application.change',
      resource: { type: 'application', id },
      changes: { before: pick(before), after: pick(application) },
    })
    return application
  })
}

/** Removes an application: its tokens end everywhere within two seconds. Throws `resource_not_found`. */
export async function deleteApplication(
  store: Store,
  by: { tenantId: TenantId; actor: Actor },
  id: Id<'app'>,
): Promise<void> {
  await store.change(by.tenantId, by.actor, async (tx) => {
    const before = await lockApplication(tx, id)
    if (!before || !(await removeApplication(tx, id))) throw notFound()
    tx.audit({
      action: 'oauth_application.delete',
      resource: { type: 'application', id },
      changes: { before: factsOf(before) },
    })
  })
}

const NAMES = {
  name: 'name',
  redirectUris: 'redirect_uris',
  permissions: 'permissions',
  grantTypes: 'grant_types',
  status: 'status',
} as const
const KEYS = Object.keys(NAMES) as (keyof typeof NAMES)[]

const factsOf = (application: ApplicationRow) => Object.fromEntries(KEYS.map((key) => [NAMES[key], application[key]]))

function checkGrants(wanted: { redirectUris: string[]; grantTypes: GrantType[] }, isPublic: boolean): void {
  const { grantTypes } = wanted
  const fault =
    new Set(grantTypes).size < grantTypes.length
      ? 'Holds a grant type twice'
      : grantTypes.includes('refresh_token') && !grantTypes.includes('authorization_code')
        ? 'refresh_token needs authorization_code'
        : grantTypes.includes('client_credentials') && isPublic
          ? 'client_credentials needs a secret, which token_endpoint_auth_method "none" has not'
          : undefined
  if (fault) {
    throw new AppError('validation_failed', 'These grant types do not go together', {
      details: [{ field: 'grant_types', issue: fault }],
    })
  }
  checkRedirectUris(wanted.redirectUris, grantTypes)
}
