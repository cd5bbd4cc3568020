import { AppError, type ErrorCode } from '../../base/errors.ts'

/** Why a connection was not made, in stable words. `status` is what a caller of the API is answered with. */
export const FAULTS = {
  access_denied: {
    as: 'validation_failed',
    message:
      'The merchant declined at Stripe. Nothing was connected. Start again with POST /stripe-connections/initialize.',
  },
  authorization_expired: {
    as: 'validation_failed',
    message: 'Nobody came back from Stripe within ten minutes. Start again with POST /stripe-connections/initialize.',
  },
  stripe_unreachable: {
    as: 'stripe_integration_error',
    message:
      'Stripe could not be reached, and nothing was connected. Start again with POST /stripe-connections/initialize.',
  },
  outcome_unknown: {
    as: 'stripe_integration_error',
    message:
      'Stripe did not say whether the account was connected. The code is not sent again, since that would end the connection. Start again with POST /stripe-connections/initialize.',
  },
  code_refused: {
    as: 'stripe_integration_error',
    message:
      'Stripe refused the code: it is used, older than five minutes, or of another mode or platform. Start again with POST /stripe-connections/initialize.',
  },
  platform_refused: {
    as: 'stripe_integration_error',
    message:
      "Stripe refused the platform's own key. Check STRIPE_SECRET_KEY and STRIPE_CLIENT_ID (or the tenant's provider credentials), then start again.",
  },
  platform_missing: {
    as: 'validation_failed',
    message:
      "No Stripe platform is configured for the tenant's mode. Set STRIPE_SECRET_KEY and STRIPE_CLIENT_ID, give provider credentials of your own, or connect with a restricted key.",
  },
  mode_mismatch: {
    as: 'validation_failed',
    message:
      "The account was connected in the other mode than the tenant's (live or test), and was let go again. Start again in the mode of the tenant.",
  },
  scope_mismatch: {
    as: 'validation_failed',
    message: 'The account was connected with another scope than read_write, and was let go again. Start again.',
  },
  account_taken: {
    as: 'resource_conflict',
    message:
      'This Stripe account is connected to another tenant. Disconnect it there first, then start again: an account belongs to one tenant at a time.',
  },
  revoked: {
    as: 'stripe_integration_error',
    message:
      'Stripe withdrew the access as soon as it was given. Start again with POST /stripe-connections/initialize.',
  },
  disconnected: {
    as: 'resource_conflict',
    message:
      'The connection was disconnected before the merchant came back. Start again with POST /stripe-connections/initialize.',
  },
} as const satisfies Record<string, { as: ErrorCode; message: string }>

export type FaultCode = keyof typeof FAULTS

export const isFaultCode = (text: string | null): text is FaultCode => text !== null && Object.hasOwn(FAULTS, text)

/** The sentence of a stored reason. */
export const faultMessage = (code: string | null): string =>
  isFaultCode(code) ? FAULTS[code].message : 'Connecting failed. Start again with POST /stripe-connections/initialize.'

export const faultError = (code: FaultCode): AppError =>
  new AppError(FAULTS[code].as, FAULTS[code].message, { details: [{ field: 'reason', issue: code }] })
