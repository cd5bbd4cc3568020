import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { created, PERMISSIONS } from '../../http/route.ts'
import { daySchema, idSchema, textSchema } from '../../http/validate.ts'
import type { FreshlyMade, WantedKey } from './create-key.ts'
import type { KeyRow } from './queries.ts'

export const permissionsSchema = z
  .array(z.enum(['*', ...PERMISSIONS]))
  .min(1, 'Must name at least one permission')
  .max(PERMISSIONS.length + 1)
  .overwrite((named) => [...new Set(named)])
  .describe('What it may do; `*` for everything. `write` does not include `read`.')

export const createKeySchema = z.strictObject({
  name: textSchema(100).min(1).describe('What the key is for.'),
  permissions: permissionsSchema,
  expires_at: daySchema.describe('From when it is refused. Never unless given.').nullable().optional(),
})

/** A day, and at most a week, as for every secret that is rotated (reliability 29). */
export const OVERLAP_SECONDS = 86_400
const OVERLAP_SECONDS_MAX = 604_800

export const rotateKeySchema = z.strictObject({
  overlap_seconds: z
    .int()
    .min(0, `Must be a whole number from 0 to ${OVERLAP_SECONDS_MAX}`)
    .max(OVERLAP_SECONDS_MAX, `Must be a whole number from 0 to ${OVERLAP_SECONDS_MAX}`)
    .describe('How long the old key still holds; 0 ends it at once.')
    .optional(),
})

export const keySchema = z
  .object({
    id: idSchema('key'),
    name: z.string(),
    prefix: z.string(),
    permissions: z.array(z.string()),
    expires_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
    replaced_by: z.string().nullable().describe('The key that a rotation put in its place.'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'ApiKey' })

export const createdKeySchema = keySchema
  .extend({ key: z.string().describe('Shown once, here and nowhere else.') })
  .meta({ id: 'CreatedApiKey' })

export const presentKey = (key: KeyRow) => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  permissions: key.permissions,
  expires_at: key.expiresAt && isoSeconds(key.expiresAt),
  last_used_at: key.lastUsedAt && isoSeconds(key.lastUsedAt),
  replaced_by: key.replacedBy,
  created_at: isoSeconds(key.createdAt),
  updated_at: isoSeconds(key.updatedAt),
})

export const wantedKey = (body: z.output<typeof createKeySchema>): WantedKey => ({
  name: body.name,
  permissions: body.permissions,
  expiresAt: body.expires_at ? new Date(body.expires_at) : null,
})

/** The one answer that holds the key itself. `list`: where whoever made it reads it again. */
export const createdKey = ({ key, text }: FreshlyMade, list = '/api-keys') =>
  created(`${list}/${key.id}`, { ...presentKey(key), key: text })

export const keyExample = {
  id: 'key_01jrfzq4v8m2k9d7t5x3w1c0ab',
  name: 'bookkeeping export',
  prefix: 'pk_live_3FJq8VhT2Xc9',
  permissions: ['transactions:read', 'invoices:read'],
  expires_at: null,
  last_used_at: '2025-04-10T14:30:00Z',
  replaced_by: null,
  created_at: '2025-04-01T08:00:00Z',
  updated_at: '2025-04-01T08:00:00Z',
}

export const createdKeyExample = { ...keyExample, key: 'pk_live_3FJq8VhT2Xc9_<43 characters and a checksum>' }
