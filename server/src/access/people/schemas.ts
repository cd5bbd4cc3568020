import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { idSchema, textSchema } from '../../http/validate.ts'
import { ROLES } from '../roles.ts'
import { emailSchema } from './address.ts'
import type { UserRow } from './user-queries.ts'

export const STATUSES = ['invited', 'active', 'disabled'] as const

const ROLES_SAY =
  'viewer: reads all but keys and audit; reviewer: also decides about matches, transactions and payments; admin: all but owners; owner: all.'

export const createUserSchema = z.strictObject({
  email: emailSchema.describe('Where the invitation goes, and what the person signs in with.'),
  role: z.enum(ROLES).describe(ROLES_SAY),
  name: textSchema(100).optional(),
})

export const patchUserSchema = z.strictObject({
  name: textSchema(100).nullable().optional(),
  role: z.enum(ROLES).describe(ROLES_SAY).optional(),
  status: z
    .enum(STATUSES)
    .describe(
      '`disabled` shuts the person out at once, `active` lets him in again, `invited` sends an open invitation anew.',
    )
    .optional(),
})

export const userSchema = z
  .object({
    id: idSchema('usr'),
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    status: z.enum(STATUSES),
    invitation_expires_at: z.string().nullable().describe('Until when an open invitation may be accepted.'),
    last_signed_in_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'User' })

export const presentUser = (user: UserRow) => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  status: user.status,
  invitation_expires_at: user.invitationExpiresAt && isoSeconds(user.invitationExpiresAt),
  last_signed_in_at: user.lastSignedInAt && isoSeconds(user.lastSignedInAt),
  created_at: isoSeconds(user.createdAt),
  updated_at: isoSeconds(user.updatedAt),
})

export const userExample = {
  id: 'usr_01jrfzq4v8m2k9d7t5x3w1c0ab',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  role: 'reviewer',
  status: 'active',
  invitation_expires_at: null,
  last_signed_in_at: '2025-04-10T14:30:00Z',
  created_at: '2025-04-01T08:00:00Z',
  updated_at: '2025-04-01T08:05:00Z',
}

export const invitedExample = {
  ...userExample,
  status: 'invited',
  invitation_expires_at: '2025-04-08T08:00:00Z',
  last_signed_in_at: null,
  updated_at: '2025-04-01T08:00:00Z',
}
