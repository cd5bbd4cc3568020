import { Impossible } from '../ledger/book.ts'
import type { Desk } from './desk.ts'

type Body = Record<string, never>

/** What a caller may do by POST, by the last part of the path. */
const ACTS: Record<string, (desk: Desk, body: Body) => unknown> = {
  charge: (desk, body) => desk.charge(body as never),
  'complete-capture': (desk, { id }) => desk.completeCapture(id!),
  'settle-delayed': (desk, { id, to }) => desk.settleDelayed(id!, to!),
  capture: (desk, { id, ...options }) => desk.capture(id!, options),
  'expire-authorisation': (desk, { id }) => desk.expireAuthorisation(id!),
  'edit-charge': (desk, { id, ...changes }) => desk.editCharge(id!, changes),
  refund: (desk, body) => desk.refund(body as never),
  'succeed-refund': (desk, { id }) => desk.succeedRefund(id!),
  'fail-refund': (desk, { id, reason }) => desk.failRefund(id!, reason),
  dispute: (desk, body) => desk.dispute(body as never),
  'close-dispute': (desk, { id, outcome, ...options }) => desk.closeDispute(id!, outcome!, options),
  adjust: (desk, body) => desk.adjust(body as never),
  'automatic-payout': (desk, { currency, sourceType }) => desk.automaticPayout(currency, sourceType),
  'manual-payout': (desk, body) => desk.manualPayout(body),
  'fail-payout': (desk, { id, ...order }) => desk.failPayout(id!, order),
  'cancel-payout': (desk, { id }) => desk.cancelPayout(id!),
  'mark-paid': (desk, { id }) => desk.markPaid(id!),
  'complete-reconciliation': (desk, { id }) => desk.completeReconciliation(id!),
  'tell-trace': (desk, { id, value }) => desk.tellTrace(id!, value),
  'repeat-event': (desk, { id }) => desk.repeatEvent(id!),
  'seed-ledger': (desk, body) => desk.seedLedger(body).totals,
}

/** `/__control/accounts/{account}/{mode}/…`. Undefined: no such path. */
export function onAccount(desk: Desk, method: string, verb: string, body: Body): unknown {
  if (desk.mode !== 'test' && desk.mode !== 'live') throw new Impossible('the mode is test or live')
  if (verb === 'terms' && (method === 'GET' || method === 'PATCH')) return desk.terms(body)
  if (verb === 'truth' && method === 'GET') return desk.truth()
  const act = method === 'POST' && Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined
  return act === undefined ? undefined : { result: act(desk, body) ?? null }
}
