import { AppError } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import { type Answer, ok } from '../../http/route.ts'
import type { Call } from '../people/change-person.ts'
import type { People } from '../people/deps.ts'
import { limitSessionUse } from '../people/limits.ts'
import { brandingForHost, brandingOf } from '../tenants/branding.ts'
import { FormFault } from './form.ts'
import type { Look } from './frame.ts'
import { languageOf } from './language.ts'
import { busyPage, forgedPage } from './plain-pages.ts'
import { signInFaultOf, withRetryAfter } from './sign-in-fault.ts'

/** How a page looks and speaks: as the browser wants it, in the colours of the tenant, or of whose host name was asked. */
export async function lookOf(people: People, call: Call, tenantId?: TenantId): Promise<Look> {
  const branding =
    tenantId === undefined
      ? (await brandingForHost(people.store, call.header('host') ?? ''))?.branding
      : await brandingOf(people.store, tenantId)
  return { ...plainLook(call), productName: branding?.product_name ?? 'Payymo', color: branding?.primary_color ?? null }
}

/** The same for the dashboard's page to sign in, before anybody has: whose host name was asked says how it looks. */
export async function showLook(people: People, call: Call): Promise<Answer> {
  const branding = (await brandingForHost(people.store, call.header('host') ?? ''))?.branding
  return ok({
    product_name: branding?.product_name ?? 'Payymo',
    logo_url: branding?.logo_url ?? null,
    primary_color: branding?.primary_color ?? null,
  })
}

const plainLook = (call: Call): Look => ({
  language: languageOf(call.header('accept-language')),
  productName: 'Payymo',
  color: null,
})

/** Answers with a page whatever comes: what was refused is said there. Each page costs a look into the database, so a network
 *  gets so many a minute; while nobody can count it gets them all, since a page gives nothing away. */
export async function visited(people: People, call: Call, work: () => Promise<Answer>): Promise<Answer> {
  try {
    await limitSessionUse(people, `page from:${people.networkOf(call.ip)}`)
    return await work()
  } catch (error) {
    if (error instanceof FormFault) return forgedPage(plainLook(call))
    if (!(error instanceof AppError)) throw error
    if (error.code === 'permission_denied') return forgedPage(plainLook(call))
    const fault = signInFaultOf(error)
    if (fault !== 'too_many' && fault !== 'unavailable') throw error
    return withRetryAfter(busyPage(plainLook(call), fault), error)
  }
}
