import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { type ListSource, listQuery } from '../../http/list.ts'
import { idSchema, textSchema } from '../../http/validate.ts'
import { permissionsSchema } from '../keys/schemas.ts'
import { APPLICATION_COLUMNS, type ApplicationRow, GRANT_TYPES } from './application-queries.ts'

const STATUSES = ['active', 'disabled'] as const
export const AUTH_METHODS = ['client_secret_basic', 'none'] as const
export const GRANT_TYPES_DEFAULT = ['authorization_code', 'refresh_token'] as const

export const APPLICATION_LIST: ListSource = {
  select: APPLICATION_COLUMNS,
  from: 'oauth_applications a',
  alias: 'a',
  search: ['a.words'],
  filters: {
    name: { sql: 'a.name', kind: 'text' },
    status: { sql: 'a.status', kind: 'enum', values: STATUSES },
    permissions: { sql: '', kind: 'text', where: (placeholder) => `${placeholder} = any(a.permissions)` },
  },
  sortable: { name: { sql: 'a.name', kind: 'text' } },
}
export const applicationListQuery = listQuery(APPLICATION_LIST)

/** It stands on the page where people decide: nothing in it may turn or hide the words around it. */
const name = textSchema(100)
  .trim()
  .min(1, 'Must not be empty')
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), 'Must be plain text on one line')
  .describe('What people see when they decide.')

const redirectUris = z
  .array(z.string().max(2000, 'Must have at most 2000 characters'))
  .max(10, 'Must hold at most 10 addresses')
  .describe('Where browsers are sent back to, compared letter by letter. https, or http on this machine.')

const grantTypes = z
  .array(z.enum(GRANT_TYPES))
  .min(1, 'Must name at least one grant type')
  .max(GRANT_TYPES.length)
  .describe('`authorization_code` and `refresh_token` unless given.')

export const createApplicationSchema = z.strictObject({
  name,
  redirect_uris: redirectUris.nullable().optional(),
  permissions: permissionsSchema,
  grant_types: grantTypes.nullable().optional(),
  token_endpoint_auth_method: z
    .enum(AUTH_METHODS)
    .nullable()
    .describe(
      '`client_secret_basic` (the secret in the Authorization header or in the form) unless given; `none` for programs that can keep no secret.',
    )
    .optional(),
})

export const patchApplicationSchema = z.strictObject({
  name: name.optional(),
  redirect_uris: redirectUris.nullable().optional(),
  permissions: permissionsSchema.optional(),
  grant_types: grantTypes.nullable().optional(),
  status: z.enum(STATUSES).describe('`disabled` refuses it and all its tokens.').nullable().optional(),
})

export const applicationSchema = z
  .object({
    id: idSchema('app'),
    name: z.string(),
    client_id: z.string(),
    redirect_uris: z.array(z.string()),
    permissions: z.array(z.string()),
    grant_types: z.array(z.enum(GRANT_TYPES)),
    token_endpoint_auth_method: z.enum(AUTH_METHODS),
    status: z.enum(STATUSES),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'OAuthApplication' })

export const createdApplicationSchema = applicationSchema
  .extend({
    client_secret: z.string().nullable().describe('Shown once, here and nowhere else; null for `none`.'),
  })
  .meta({ id: 'CreatedOAuthApplication' })

export const presentApplication = (application: ApplicationRow) => ({
  id: application.id,
  name: application.name,
  client_id: application.id,
  redirect_uris: application.redirectUris,
  permissions: application.permissions,
  grant_types: application.grantTypes,
  token_endpoint_auth_method: application.secretDigest ? AUTH_METHODS[0] : AUTH_METHODS[1],
  status: application.status,
  created_at: isoSeconds(application.createdAt),
  updated_at: isoSeconds(application.updatedAt),
})

export const applicationExample = {
  id: 'app_01jrfzq4v8m2k9d7t5x3w1c0ab',
  name: 'Ledger export',
  client_id: 'app_01jrfzq4v8m2k9d7t5x3w1c0ab',
  redirect_uris: ['https://ledger.example.com/callback'],
  permissions: ['transactions:read', 'invoices:read'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  status: 'active',
  created_at: '2025-04-01T08:00:00Z',
  updated_at: '2025-04-01T08:00:00Z',
}

export const createdApplicationExample = { ...applicationExample, client_secret: 'ps_<43 characters>' }
