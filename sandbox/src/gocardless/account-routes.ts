import { isOver } from './consents.ts'
import { movedBy } from './entries.ts'
import { CACHED_HISTORY } from './institutions.ts'
import { limitExceeded, rateHeaders } from './limits.ts'
import { flat, keyed, type Refusal, refusalOf, ROWS } from './refusals.ts'
import { type Answer, type Call, ok, type Route } from './route.ts'
import type { Scope } from './seed.ts'
import { writeStatement } from './statement.ts'
import { type Agreement, type BankAccount, DAY_MS, dayOf, type Handle, habitsOf, isoOf } from './state.ts'

const READS_PER_DAY = 4
const FAILURES_MAX = 10
const SUSPENDED = () => flat(409, ROWS.account_suspended.summary, ROWS.account_suspended.detail)

interface Opened {
  handle: Handle
  account: BankAccount
  agreement: Agreement
}

/** The account and the agreement that opens it: 404 for an unknown id, 403 without a linked requisition, 401 after its end. */
function openAccount(call: Call): Opened {
  const { world, company, id } = call
  const handle = world.kept.handles[id]
  if (handle === undefined || handle.company !== company) {
    throw flat(404, `Account ID ${id} not found`, 'Please check whether you specified a valid Account ID')
  }
  const linked = Object.values(world.kept.requisitions).filter(
    (one) => one.accounts.includes(id) && world.kept.agreements[one.agreement] !== undefined,
  )
  const agreements = linked.map((one) => world.kept.agreements[one.agreement]!)
  const live = agreements.filter((one) => !isOver(world, one)).at(-1)
  const agreement = live ?? agreements.at(-1)
  if (agreement === undefined) {
    const detail = 'The account has no valid End User Agreement. Connect it with a new EUA and Requisition.'
    throw flat(403, 'No valid End User Agreement', detail)
  }
  return { handle, account: world.kept.accounts[handle.account]!, agreement }
}

function statusOf(call: Call, { handle, agreement }: Opened): string {
  if (handle.status !== null) return handle.status
  if (handle.suspended) return 'SUSPENDED'
  if (isOver(call.world, agreement)) return 'EXPIRED'
  if (handle.processingUntilMs > call.world.nowMs()) return 'PROCESSING'
  return handle.failures >= 3 ? 'ERROR' : 'READY'
}

function metadata(call: Call): Answer {
  const opened = openAccount(call)
  const { seed } = opened.account
  return ok({
    id: opened.handle.id,
    created: opened.handle.created,
    last_accessed: opened.handle.lastAccessed,
    iban: seed.iban ?? seed.maskedPan ?? '',
    bban: seed.bban ?? '',
    status: statusOf(call, opened),
    institution_id: seed.institutionId,
    owner_name: seed.ownerName,
    name: seed.name ?? '',
  })
}

/** One read of the bank: the checks in the order in which the real one seems to make them, then the day's quota, then the bank. */
function readBank(call: Call, scope: Scope, write: (opened: Opened) => unknown): Answer {
  const opened = openAccount(call)
  const { handle, agreement } = opened
  const { world } = call
  const nowMs = world.nowMs()
  if (isOver(world, agreement)) throw expired(agreement)
  if (!agreement.access_scope.includes(scope)) {
    throw flat(
      403,
      'End User Agreement (EUA) access scope error',
      `The agreement ${agreement.id} does not grant ${scope}.`,
    )
  }
  const status = statusOf(call, opened)
  if (status === 'SUSPENDED') throw SUSPENDED()
  if (status === 'PROCESSING' || status === 'DISCOVERED') {
    throw flat(409, ROWS.account_processing.summary, ROWS.account_processing.detail)
  }
  const recent = handle.reads[scope].filter((at) => at > nowMs - DAY_MS)
  handle.reads[scope] = recent
  const secondsLeft = (count: number): number =>
    Math.max(1, Math.ceil(((recent.at(-count) ?? nowMs) + DAY_MS - nowMs) / 1000))
  if (recent.length >= READS_PER_DAY) throw limitExceeded(`${READS_PER_DAY}/day`, secondsLeft(READS_PER_DAY))
  askBank(call, scope, opened, recent.length)
  const body = write(opened)
  recent.push(nowMs)
  handle.failures = 0
  handle.lastAccessed = isoOf(nowMs)
  const budget = {
    limit: READS_PER_DAY,
    remaining: READS_PER_DAY - recent.length,
    resetSeconds: secondsLeft(recent.length),
  }
  if (scope === 'transactions') handle.readCount += 1
  return ok(body, rateHeaders(world, 'ACCOUNT_SUCCESS_', budget))
}

/** What the bank itself may refuse. Counted failures add up to a suspension. */
function askBank(call: Call, scope: Scope, { handle, account }: Opened, readsToday: number): void {
  const subject = { id: handle.id, institutionId: account.seed.institutionId }
  const ownLimit = habitsOf(call.world, account).bankReadsPerDay
  if (ownLimit > 0 && readsToday >= ownLimit) throw refusalOf(ROWS.bank_rate_limited, 1, scope, subject)
  const outdated = handle.revoked || handle.generation !== account.generation
  const refusal = outdated ? refusalOf(ROWS.access_expired, 1, scope, subject) : call.bankFault()
  if (refusal === null) return
  const type = refusal.body instanceof Object ? (refusal.body as Record<string, unknown>)['type'] : undefined
  if (type === 'AccessExpiredError' || type === 'UnknownRequestError') {
    handle.failures += 1
    handle.suspended ||= handle.failures >= FAILURES_MAX
  }
  throw refusal
}

function expired(agreement: Agreement): Refusal {
  const endsOn = isoOf(Date.parse(agreement.accepted!) + agreement.access_valid_for_days * DAY_MS)
  const detail =
    `EUA was valid for ${agreement.access_valid_for_days} days and it expired at ${endsOn.replace('T', ' ').replace('Z', '+00:00')}. ` +
    'The end user must connect the account once more with a new EUA and Requisition'
  return flat(401, `End User Agreement (EUA) ${agreement.id} has expired`, detail)
}

const details = (call: Call): Answer =>
  readBank(call, 'details', ({ account }) => {
    const { seed } = account
    const optional = {
      iban: seed.iban,
      bban: seed.bban,
      scan: seed.scan,
      maskedPan: seed.maskedPan,
      bic: seed.bic,
      name: seed.name,
      product: seed.product,
      cashAccountType: seed.cashAccountType ?? 'CACC',
      usage: seed.usage,
    }
    const given = Object.entries(optional).filter(([, value]) => value !== undefined)
    const resourceId = `${account.generation}-${seed.key}`
    const fixed = { resourceId, currency: seed.currency, ownerName: seed.ownerName, status: 'enabled' }
    return { account: { ...fixed, ...Object.fromEntries(given) } }
  })

const balances = (call: Call): Answer =>
  readBank(call, 'balances', ({ account }) => {
    const balanceAmount = { amount: account.seed.balance ?? '0.00', currency: account.seed.currency }
    const referenceDate = dayOf(call.world.nowMs())
    return {
      balances: ['interimBooked', 'interimAvailable'].map((balanceType) => ({
        balanceAmount,
        balanceType,
        referenceDate,
      })),
    }
  })

function transactions(call: Call): Answer {
  const today = dayOf(call.world.nowMs())
  const asked = { from: call.query.get('date_from'), to: call.query.get('date_to') }
  checkWindow(asked, today)
  return readBank(call, 'transactions', ({ handle, account, agreement }) => {
    const cached = agreement.cached[handle.id]
    if (cached !== undefined) return cached
    // Earlier than the permitted history is clipped without a word.
    const earliest = movedBy(agreement.accepted!.slice(0, 10), -agreement.max_historical_days)
    const from = asked.from !== null && asked.from > earliest ? asked.from : earliest
    const reading = {
      account: account.seed,
      issue: `${account.seed.key} ${handle.generation} ${account.idGeneration}`,
      habits: habitsOf(call.world, account),
      today,
      readCount: handle.readCount,
    }
    const body = writeStatement(reading, { from, to: asked.to ?? today })
    const institution = call.world.institutions.get(account.seed.institutionId)
    if (institution?.supported_features.includes(CACHED_HISTORY) && agreement.max_historical_days > 90) {
      agreement.cached[handle.id] = body
    }
    return body
  })
}

function checkWindow({ from, to }: { from: string | null; to: string | null }, today: string): void {
  const faults: Record<string, { summary: string; detail: string }> = {}
  for (const [name, day] of [['date_from', from] as const, ['date_to', to] as const]) {
    if (day === null) continue
    if (!isDay(day)) faults[name] = { summary: 'Incorrect date format', detail: 'Date must be written as YYYY-MM-DD.' }
    else if (day > today)
      faults[name] = { summary: "Date can't be in future", detail: `${day} can't be greater than ${today}.` }
  }
  if (Object.keys(faults).length > 0) throw keyed(faults)
  if (from !== null && to !== null && from > to)
    throw flat(400, 'Incorrect date range', "date_from can't be after date_to.")
}

const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && dayOf(at) === text
}

const route = (part: string, endpoint: string, handle: Route['handle'], query: string[] = []): Route => ({
  method: 'GET',
  path: `/accounts/{id}/${part}`,
  endpoint: `accounts/${endpoint}`,
  bucket: 'accounts',
  invalidId: 'Invalid Account ID',
  query,
  handle,
})

export const ACCOUNT_ROUTES: Route[] = [
  route('', 'metadata', metadata),
  route('details/', 'details', details),
  route('balances/', 'balances', balances),
  route('transactions/', 'transactions', transactions, ['date_from', 'date_to']),
]
