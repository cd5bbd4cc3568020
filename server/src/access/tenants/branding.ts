import { domainToASCII } from 'node:url'
import { z } from 'zod'
import type { TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { findTenant, findTenantByHost, type TenantView } from './directory.ts'

/** How Payymo looks and signs for a tenant: what it has set, each part on its own. */
export interface Branding {
  product_name?: string
  logo_url?: string
  primary_color?: string
  support_email?: string
  custom_domain?: string
}

/** As shown: every part, null where neither the tenant nor its partner has set it. */
export type ShownBranding = { [Part in keyof Branding]-?: string | null }

const PARTS = ['product_name', 'logo_url', 'primary_color', 'support_email', 'custom_domain'] as const

/** A tenant's own parts, and its partner's for the rest. */
export function effectiveBranding(own: Branding, inherited: Branding): ShownBranding {
  return Object.fromEntries(PARTS.map((part) => [part, own[part] ?? inherited[part] ?? null])) as ShownBranding
}

/** For sign-in pages, before anybody has signed in: whose host name this is, and how it looks. `host` as the browser sends it,
 *  a port is ignored. Undefined for our own name and for every unknown one. */
export async function brandingForHost(
  store: Store,
  host: string,
): Promise<{ tenantId: TenantId; branding: ShownBranding } | undefined> {
  const name = hostName(host.replace(/:\d{1,5}$/, ''))
  const tenant = name && (await store.directory((tx) => findTenantByHost(tx, name)))
  return tenant ? { tenantId: tenant.id, branding: shownBranding(tenant) } : undefined
}

/** For mails and pages of a known tenant. Throws nothing: a tenant that does not exist has no branding. */
export async function brandingOf(store: Store, tenantId: TenantId): Promise<ShownBranding> {
  const tenant = await store.directory((tx) => findTenant(tx, tenantId))
  return tenant ? shownBranding(tenant) : effectiveBranding({}, {})
}

export const shownBranding = (tenant: Pick<TenantView, 'branding' | 'parentBranding'>): ShownBranding =>
  effectiveBranding(tenant.branding, tenant.parentBranding)

/** A host name in lower-case ASCII, or undefined for anything else: an address, a single label, a URL. */
export function hostName(text: string): string | undefined {
  // What follows a name in a URL is cut off silently otherwise.
  const name = /[/\\?#@:%]/.test(text) ? '' : domainToASCII(text.trim().toLowerCase())
  const labels = name.split('.')
  const wellFormed = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  if (name.length > 253 || labels.length < 2 || !wellFormed || !/^(xn--[a-z0-9-]+|[a-z]{2,})$/.test(labels.at(-1)!))
    return undefined
  return name
}

const nullable = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().optional()

/** `branding` in a request. Null takes a part back: then the partner's holds. */
export const brandingSchema = z.strictObject({
  product_name: nullable(
    z
      .string()
      .trim()
      .min(1, 'Must not be empty')
      .max(60, 'Must have at most 60 characters')
      // It stands in subjects and senders of mails.
      .refine((text) => !/[\p{Cc}\p{Cf}<>]/u.test(text), 'Must be plain text on one line')
      .refine((text) => !looksLikeAddress(text), 'Must be a name that looks like no host name, link or mail address')
      .describe('What Payymo is called there, in pages and mails.'),
  ),
  logo_url: nullable(
    z
      .string()
      .max(500, 'Must have at most 500 characters')
      .refine(isLogoUrl, 'Must be an https URL without a user name')
      .describe('Where the logo is read, over https.'),
  ),
  primary_color: nullable(
    z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'Must be a colour such as #0a7c5f')
      .describe('Six hexadecimal digits, such as #0a7c5f.'),
  ),
  support_email: nullable(
    z
      .string()
      .max(254, 'Must have at most 254 characters')
      .regex(/^[^\s@<>,;:"'\\()[\]]+@[^\s@<>,;:"'\\()[\]]+\.[^\s@<>,;:"'\\()[\].]{2,}$/, 'Must be an e-mail address')
      .describe('Whom people write to when they need help.'),
  ),
  custom_domain: nullable(
    z
      .string()
      .refine((text) => hostName(text) !== undefined, 'Must be a host name such as pay.example.com')
      .transform((text) => hostName(text) ?? text)
      .describe('The host name under which the tenant reaches Payymo. One tenant has it at most.'),
  ),
})

/** Mail programs make links of such texts, and a mail of ours would lead wherever a tenant likes. Browsers take the full stops of
 *  other scripts for dots in host names (UTS 46). */
const looksLikeAddress = (text: string): boolean =>
  /[@/\\]|[.\u3002\uff0e\uff61]\p{L}|\d{1,3}(\.\d{1,3}){3}/u.test(text.normalize('NFKC'))

function isLogoUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === '' && !/[\s"'<>\\]/.test(text)
}
