import type { ErrorCode, FaultyField } from '../base/errors.ts'
import type { Route } from './route.ts'

/** A refusal for a rule, as the documentation shows it. */
export interface Refusal {
  code: ErrorCode
  description: string
  message: string
  details: FaultyField[]
}

type Written = [message: string, ...details: [field: string, issue: string][]]

/** What the rules of an operation typically say, by operationId: words of the slices, for readers of the documentation. A
 *  route that names the status among its own answers, with an example, is believed first. */
const CONFLICTS: Record<string, Written> = {
  createTransaction: [
    'A transaction with this transaction_id exists already',
    ['transaction_id', 'Exists already in this account'],
  ],
  changeTransaction: [
    'This transaction is decided: it pays an invoice. Reverse its match first, or let go of it if it failed.',
  ],
  releaseInvoiceMatch: ['This match is applied. Only a failed one is let go of.'],
  createInvoiceMatch: ['This transaction is decided already.'],
  decideInvoiceMatch: ['This match is superseded; only a suggested or failed one can be approved.'],
  runMatching: [
    'The invoices of a WHMCS installation are still being read for the first time. Ask again in a few minutes.',
  ],
  resolvePayment: ['This payment is applied; only one in quarantine can be resolved.'],
  createTenant: ['Another tenant has this slug', ['slug', 'Is taken']],
  createWhmcsInstance: [
    'This WHMCS installation is connected already.',
    ['system_url', 'Another connection of this tenant has this address'],
  ],
  changeWhmcsInstance: ['This installation was disconnected. Connect it anew.'],
  deleteWhmcsInstance: ['A payment into this installation is under way. Wait until it is settled, or resolve it.'],
  verifyWhmcsInstance: ['This installation is verified by another account. It must be disconnected there first.'],
  testWebhook: ['This webhook is switched off. Switch it on first.'],
  redeliver: ['This webhook is switched off. Switch it on first.'],
  replayEvents: ['This webhook is switched off. Switch it on first.'],
  createUser: ['This address is a user of this tenant already.', ['email', 'Is a user already']],
  deleteUser: ['This is the last active owner. Make somebody else an owner first, who has accepted the invitation.'],
  changeUser: ['This is the last active owner. Make somebody else an owner first, who has accepted the invitation.'],
}

const OTHER_DAYS: Written = [
  'The report cannot be made for this range of days',
  ['from', 'Must be at most 400 days before the end, 2025-04-10'],
]

const RULES: Record<string, Written> = {
  createTransaction: ['The account does not exist', ['account_id', 'No account of this tenant has this id']],
  createInvoiceMatch: ['The parts are more than the transaction holds.'],
  runMatching: [
    'The request is against a rule',
    ['transaction_ids', 'There is no transaction txn_01jrfzq4v8m2k9d7t5x3w1c0ab'],
  ],
  reportReconciliation: OTHER_DAYS,
  reportShadow: OTHER_DAYS,
  createApiKey: [
    'A key never grants more than the key that makes it',
    ['permissions', 'You do not hold payments:write'],
  ],
  createTenantApiKey: [
    'A key never grants more than the key that makes it',
    ['permissions', 'You do not hold payments:write'],
  ],
  importStatement: [
    'No format that Payymo knows was found in this file',
    ['file', 'Is neither CAMT, MT940, OFX nor CSV'],
  ],
  verifyWhmcsInstance: [
    'No proof was found that this installation is yours.',
    ['dns', '_payymo.my.northbyte.example has no TXT record'],
  ],
  changeWhmcsInstance: [
    'The address belongs to another installation. Connect that one anew.',
    ['system_url', 'Another host'],
  ],
  createWhmcsInstance: ['Payymo does not call this address', ['system_url', 'Must be https']],
  createWebhook: ['Payymo does not deliver to this address', ['url', 'Must be https']],
  changeWebhook: ['Payymo does not deliver to this address', ['url', 'Must be https']],
}

const IN_PROGRESS: Written = [
  'The request with this Idempotency-Key is still running. Ask again for its answer.',
  ['Idempotency-Key', 'Is in use at the moment'],
]
const MOVED_ON: Written = ['It has changed meanwhile. Read it again.']
const KEY_REUSED: Written = [
  'This Idempotency-Key was used for another request. Send the same request again, or this one with a key of its own.',
  ['Idempotency-Key', 'Was used for another request'],
]

/** Who else may fail while somebody waits, and what that reads like. */
function providerFailure(route: Route): Refusal | undefined {
  if (/^(listInstitutions|initializeBankConnection|reconnectBankConnection)$/.test(route.operationId)) {
    return {
      code: 'bank_integration_error',
      description: 'The provider of bank data failed; details carries a stable reason',
      message: 'The bank does not answer at the moment. Try again later.',
      details: [{ field: 'reason', issue: 'unavailable' }],
    }
  }
  if (route.method !== 'GET' && route.path.startsWith('/stripe-connections')) {
    return {
      code: 'stripe_integration_error',
      description: 'Stripe failed; details carries a stable reason',
      message: 'Stripe does not answer at the moment. Try again later.',
      details: [{ field: 'reason', issue: 'unavailable' }],
    }
  }
  return undefined
}

/** What the operation refuses with this status, where that is more than the general words. */
export function refusalOf(route: Route, status: number): Refusal | undefined {
  const repeatable = route.method === 'POST' || route.method === 'PATCH'
  if (status === 409) {
    const [message, ...details] = CONFLICTS[route.operationId] ?? (repeatable ? IN_PROGRESS : MOVED_ON)
    return {
      code: 'resource_conflict',
      description: repeatable
        ? 'Exists already, its state moved on, or a call with the same Idempotency-Key is in progress (with Retry-After)'
        : 'Its state moved on',
      message,
      details: faulty(details),
    }
  }
  if (status === 422) {
    const [message, ...details] = RULES[route.operationId] ?? KEY_REUSED
    return {
      code: 'validation_failed',
      description: repeatable
        ? 'Well-formed but against a rule, or an Idempotency-Key that belongs to another request'
        : 'Well-formed but against a rule',
      message,
      details: faulty(details),
    }
  }
  return status === 502 ? providerFailure(route) : undefined
}

const faulty = (details: [string, string][]): FaultyField[] => details.map(([field, issue]) => ({ field, issue }))
