import { z } from 'zod'
import { idSchema, textSchema } from '../../http/validate.ts'
import { PASSWORD_MAX } from './password-rules.ts'

/** Any text: which addresses and passwords are good is not for signing in to tell. */
const email = z.string().max(254)
const password = z.string().max(PASSWORD_MAX * 4)
const code = z.string().max(40)
const token = z.string().max(100)

export const loginSchema = z.strictObject({ email, password, code: code.optional() })
export const confirmSchema = z.strictObject({ password, code: code.optional() })
export const tokenSchema = z.strictObject({ tenant_id: idSchema('ten').optional() })
export const acceptSchema = z.strictObject({
  token,
  password,
  name: textSchema(100).optional(),
  code: code.optional(),
})
export const forgotSchema = z.strictObject({ email })
export const resetSchema = z.strictObject({ token, password })
export const passwordSchema = z.strictObject({ current: password, next: password })
export const secondFactorSchema = z.strictObject({ code: code.optional() })
export const endSecondFactorSchema = z.strictObject({ password })
