import { z } from 'zod'
import { idSchema, textSchema } from '../../http/validate.ts'
import { ROLES } from '../roles.ts'
import { PASSWORD_MAX } from './password-rules.ts'

/** Any text: which addresses and passwords are good is not for signing in to tell. */
const email = z.string().max(254)
const password = z.string().max(PASSWORD_MAX * 4)
const code = z.string().max(40).describe('Of the authenticator app, or a recovery code, where a second factor is on.')
const token = z.string().max(100).describe('From the link in the mail.')

export const loginSchema = z.strictObject({ email, password, code: code.optional() })
export const confirmSchema = z.strictObject({ password, code: code.optional() })
export const tokenSchema = z.strictObject({
  tenant_id: idSchema('ten').describe('The first tenant that lets the person in, unless given.').optional(),
})
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

export const askedSchema = z.object({ message: z.string() }).meta({ id: 'ResetAsked' })
export const asked = { message: 'If this address signs in here, a link is on its way to it.' }

export const sessionSchema = z
  .object({
    email: z.string(),
    second_factor: z.boolean().describe('Whether signing in needs a code as well.'),
    signed_in_at: z.string().describe('When the password was last typed.'),
    expires_at: z.string().describe('When the session ends however much it is used.'),
    csrf_token: z.string().describe('What requests with the cookie send as X-CSRF-Token.'),
    tenants: z.array(
      z.object({
        id: idSchema('ten'),
        name: z.string(),
        status: z.enum(['active', 'suspended']),
        user_id: idSchema('usr'),
        role: z.enum(ROLES),
      }),
    ),
  })
  .meta({ id: 'SignedInPerson' })

export const sessionExample = {
  email: 'ada@example.com',
  second_factor: true,
  signed_in_at: '2025-04-10T14:30:00Z',
  expires_at: '2025-04-11T02:30:00Z',
  csrf_token: 'c2Vzc2lvbnMgb3duIHRva2VuLCA0MyBjaGFyYWN0ZXJz',
  tenants: [
    {
      id: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab',
      name: 'Northbyte Hosting',
      status: 'active',
      user_id: 'usr_01jrfzq4v8m2k9d7t5x3w1c0ab',
      role: 'owner',
    },
  ],
}

export const accessTokenSchema = z
  .object({
    access_token: z.string().describe('For the Authorization header: Bearer pu_…'),
    expires_in: z.int().describe('Seconds'),
  })
  .meta({ id: 'AccessToken' })

export const accessTokenExample = { access_token: 'pu_<43 characters>', expires_in: 600 }

export const secondFactorAnswerSchema = z
  .object({
    secret: z.string().optional().describe('For the authenticator app, base32. Without a code in the request.'),
    otpauth_uri: z.string().optional().describe('The same as a link, for a QR code.'),
    recovery_codes: z.array(z.string()).optional().describe('With a code in the request. Shown once.'),
  })
  .meta({ id: 'SecondFactor' })

export const secondFactorExample = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  otpauth_uri: 'otpauth://totp/Payymo:ada@example.com?issuer=Payymo&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
}
