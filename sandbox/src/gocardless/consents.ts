import { randomUUID } from 'node:crypto'
import { Refusal } from './refusals.ts'
import {
  accessEndsMs,
  accountIdOf,
  type Agreement,
  habitsOf,
  isoOf,
  type Requisition,
  type RequisitionStatus,
  type World,
} from './state.ts'

/** What happens between the link and the redirect back. A requisition is created (CR); its link, opened once, shows GoCardless's
 *  own consent page (GC); after that the user is at the bank (UA), chooses accounts where the bank lets them (SA), the bank grants
 *  access (GA), and the requisition is linked (LN). Wrong credentials end in RJ. A cancel or a technical error leaves the status
 *  where it was: only the redirect tells. */

export type Decision =
  | 'approve'
  | 'cancel'
  | 'reject'
  | 'technical_error'
  | 'gocardless_error'
  | 'ssn_failed'
  | 'unknown_error'
export const DECISIONS: Decision[] = [
  'approve',
  'cancel',
  'reject',
  'technical_error',
  'gocardless_error',
  'ssn_failed',
  'unknown_error',
]

const FAILURES: Record<Exclude<Decision, 'approve'>, [string, string]> = {
  cancel: ['UserCancelledSession', 'User cancelled the session'],
  reject: ['UserSessionRejected', 'Bank login was rejected. Wrong credentials or refused by the bank'],
  technical_error: ['InstitutionTechnicalError', 'The bank has a technical problem. Try again later'],
  gocardless_error: ['GoCardlessTechnicalError', 'A technical problem occurred. Try again later'],
  ssn_failed: ['SSNVerificationFailed', 'The social security number did not match'],
  unknown_error: ['UnknownError', 'Something went wrong'],
}

export function moveTo(world: World, requisition: Requisition, status: RequisitionStatus): void {
  if (requisition.status === status) return
  requisition.status = status
  requisition.history.push({ status, at: isoOf(world.nowMs()) })
}

/** The first and only opening of a link. Returns the visit that the pages go by, or null when it was opened before. */
export function openLink(world: World, requisition: Requisition): string | null {
  if (requisition.visit !== null || requisition.status !== 'CR') return null
  requisition.visit = randomUUID()
  moveTo(world, requisition, 'GC')
  return requisition.visit
}

/** Keys of the bank accounts that the user could share: those of the institution. */
export const offeredAccounts = (world: World, requisition: Requisition): string[] =>
  Object.values(world.kept.accounts)
    .filter((one) => one.seed.institutionId === requisition.institution_id)
    .map((one) => one.seed.key)

/** Whether the user picks among the accounts on a page of its own. */
export function selectsAccounts(world: World, requisition: Requisition): boolean {
  const flagged = world.institutions.get(requisition.institution_id)?.supported_features.includes('account_selection')
  return (requisition.account_selection || flagged === true) && offeredAccounts(world, requisition).length > 1
}

/** Ends the visit one way or the other, through every state on the way, and says where the browser goes. */
export function decide(world: World, requisition: Requisition, decision: Decision, accounts?: string[]): string {
  if (requisition.finished)
    return returnUrl(requisition, 'RequisitionLinkReused', 'The requisition link was used before')
  const offered = offeredAccounts(world, requisition)
  const stray = accounts?.find((key) => !offered.includes(key))
  if (stray !== undefined) throw new Refusal(400, { error: `no account ${stray} at ${requisition.institution_id}` })
  requisition.visit ??= randomUUID()
  requisition.finished = true
  if (decision !== 'approve') {
    if (decision === 'reject' || decision === 'ssn_failed') moveTo(world, requisition, 'RJ')
    return returnUrl(requisition, ...FAILURES[decision])
  }
  for (const status of ['GC', 'UA'] as const) {
    if (!requisition.history.some((step) => step.status === status)) moveTo(world, requisition, status)
  }
  if (selectsAccounts(world, requisition)) moveTo(world, requisition, 'SA')
  moveTo(world, requisition, 'GA')
  const agreement = world.kept.agreements[requisition.agreement]
  if (agreement === undefined) return returnUrl(requisition, ...FAILURES.unknown_error)
  agreement.accepted ??= isoOf(world.nowMs())
  requisition.accounts = (accounts ?? offered).map((key) => link(world, requisition, key))
  moveTo(world, requisition, 'LN')
  return returnUrl(requisition)
}

/** Gives the company its id of the account. A bank that issues new ids at each consent does so here. */
function link(world: World, requisition: Requisition, key: string): string {
  const account = world.kept.accounts[key]!
  const before = Object.values(world.kept.handles).some(
    (one) => one.account === key && one.company === requisition.company,
  )
  if (before && habitsOf(world, account).reissuesOnReconnect) account.generation += 1
  const id = accountIdOf(requisition.company, account)
  const nowMs = world.nowMs()
  const processing = requisition.redirect_immediate ? world.kept.switches.processingSeconds * 1000 : 0
  const known = world.kept.handles[id]
  world.kept.handles[id] = {
    id,
    company: requisition.company,
    account: key,
    generation: account.generation,
    created: known?.created ?? isoOf(nowMs),
    lastAccessed: known?.lastAccessed ?? null,
    failures: 0,
    suspended: false,
    revoked: false,
    status: null,
    processingUntilMs: nowMs + processing,
    reads: known?.reads ?? { balances: [], details: [], transactions: [] },
    readCount: known?.readCount ?? 0,
  }
  return id
}

/** `{redirect}?ref=…`, with `error` and `details` (plus signs for blanks) on failure; the redirect's own query is kept. */
export function returnUrl(requisition: Requisition, error?: string, details?: string): string {
  const query = new URLSearchParams({ ref: requisition.reference })
  if (error !== undefined) query.set('error', error)
  if (details !== undefined) query.set('details', details)
  return `${requisition.redirect}${requisition.redirect.includes('?') ? '&' : '?'}${query.toString()}`
}

/** The status as of now: a linked requisition whose agreement has run out is EX. */
export function currentStatus(world: World, requisition: Requisition): RequisitionStatus {
  const agreement = world.kept.agreements[requisition.agreement]
  if (requisition.status === 'LN' && agreement !== undefined && isOver(world, agreement))
    moveTo(world, requisition, 'EX')
  return requisition.status
}

export function isOver(world: World, agreement: Agreement): boolean {
  const endsMs = accessEndsMs(agreement)
  return endsMs !== null && endsMs <= world.nowMs()
}
