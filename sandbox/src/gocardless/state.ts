import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Fault } from './faults.ts'
import { type Institution, institutionsWith } from './institutions.ts'
import { type GocardlessSeed, SANDBOX_CREDENTIALS, type Scope, type SeedAccount } from './seed.ts'
import type { Habits } from './habits.ts'

export const DAY_MS = 86_400_000

export interface Agreement {
  id: string
  company: string
  created: string
  accepted: string | null
  institution_id: string
  max_historical_days: number
  access_valid_for_days: number
  access_scope: Scope[]
  reconfirmation: boolean
  requisition: string | null
  confirmation: { created: string; redirect: string | null; confirmedAt: string | null } | null
  /** First answers of an extended history, by account id: what a bank with a separate consent repeats for ever. */
  cached: Record<string, unknown>
}

export type RequisitionStatus = 'CR' | 'GC' | 'UA' | 'SA' | 'GA' | 'LN' | 'RJ' | 'EX' | 'SU' | 'ER' | 'ID'

export interface Requisition {
  id: string
  company: string
  created: string
  redirect: string
  status: RequisitionStatus
  institution_id: string
  agreement: string
  reference: string
  accounts: string[]
  user_language: string | null
  ssn: string | null
  account_selection: boolean
  redirect_immediate: boolean
  /** Names the browser's visit, once the link was opened; the link works only that once. */
  visit: string | null
  finished: boolean
  history: { status: RequisitionStatus; at: string }[]
}

/** An account as one company sees it: the id under which one generation of a bank account is known. */
export interface Handle {
  id: string
  company: string
  account: string
  generation: number
  created: string
  lastAccessed: string | null
  /** Consecutive counted failures; ten suspend the account. */
  failures: number
  suspended: boolean
  revoked: boolean
  /** Set by control over the computed status. */
  status: string | null
  processingUntilMs: number
  /** Times of the successful reads of the last 24 h. */
  reads: Record<Scope, number[]>
  readCount: number
}

export interface BankAccount {
  seed: SeedAccount
  generation: number
  /** Rises whenever the bank issues new transaction ids without a new account. */
  idGeneration: number
}

export interface Switches {
  /** New requisitions a month before 402; null = no limit. The free plan has 50. */
  requisitionsPerMonth: number | null
  /** Whether companies may accept agreements for their users. */
  mayAccept: boolean
  rateHeaders: 'underscore' | 'dashed' | 'both' | 'none'
  /** The limits per company and minute or hour. The four reads a day always hold. */
  generalLimits: boolean
  /** How long accounts stay PROCESSING after `redirect_immediate`. */
  processingSeconds: number
  accessTokenSeconds: number
  /** Whether `token/refresh` also gives a new refresh token. */
  rotateRefresh: boolean
}

/** All that must survive a restart, as plain JSON. */
export interface Kept {
  seed: GocardlessSeed
  jwtKey: string
  clock: { offsetMs: number; frozenAtMs: number | null }
  switches: Switches
  agreements: Record<string, Agreement>
  requisitions: Record<string, Requisition>
  handles: Record<string, Handle>
  accounts: Record<string, BankAccount>
  habits: Record<string, Partial<Habits>>
  /** When each requisition was made, deleted ones too: the plan counts them. */
  requisitionsMade: { company: string; atMs: number }[]
}

export interface World {
  kept: Kept
  institutions: Map<string, Institution>
  faults: Fault[]
  calls: Map<string, { calls: number; byStatus: Record<string, number> }>
  windows: Map<string, number[]>
  baseUrl: string
  nowMs(): number
  save(): void
}

const DEFAULT_SWITCHES: Switches = {
  requisitionsPerMonth: null,
  mayAccept: false,
  rateHeaders: 'underscore',
  generalLimits: true,
  processingSeconds: 30,
  accessTokenSeconds: 86_400,
  rotateRefresh: false,
}

/** A world filled with the seed, or read from the state file where that exists (the seed is then left aside). */
export function createWorld(seed: GocardlessSeed, switches: Partial<Switches>, stateFile?: string): World {
  const stored = stateFile !== undefined && existsSync(stateFile)
  const kept = stored ? (JSON.parse(readFileSync(stateFile, 'utf8')) as Kept) : freshFrom(seed, switches)
  const world: World = {
    kept,
    institutions: institutionsWith(kept.seed.institutions ?? []),
    faults: [],
    calls: new Map(),
    windows: new Map(),
    baseUrl: '',
    nowMs: () => world.kept.clock.frozenAtMs ?? Date.now() + world.kept.clock.offsetMs,
    save: () => {
      if (stateFile === undefined) return
      writeFileSync(`${stateFile}.new`, JSON.stringify(world.kept))
      renameSync(`${stateFile}.new`, stateFile)
    },
  }
  if (!stored) world.save()
  return world
}

/** Starts again from another seed: nothing of before is left but the address. */
export function reseed(world: World, seed: GocardlessSeed): void {
  world.kept = freshFrom(seed, world.kept.switches)
  world.institutions = institutionsWith(seed.institutions ?? [])
  world.faults = []
  world.calls.clear()
  world.windows.clear()
}

function freshFrom(seed: GocardlessSeed, switches: Partial<Switches>): Kept {
  const accounts = seed.accounts.map((one): [string, BankAccount] => [
    one.key,
    { seed: structuredClone(one), generation: 0, idGeneration: 0 },
  ])
  return {
    seed: { ...seed, accounts: [] },
    jwtKey: randomBytes(32).toString('hex'),
    clock: { offsetMs: seed.now === undefined ? 0 : Date.parse(seed.now) - Date.now(), frozenAtMs: null },
    switches: { ...DEFAULT_SWITCHES, ...switches },
    agreements: {},
    requisitions: {},
    handles: {},
    accounts: Object.fromEntries(accounts),
    habits: {},
    requisitionsMade: [],
  }
}

export const credentialsOf = (world: World) => world.kept.seed.credentials ?? [SANDBOX_CREDENTIALS]
export const isoOf = (ms: number): string => new Date(ms).toISOString()
export const dayOf = (ms: number): string => isoOf(ms).slice(0, 10)
export const hashOf = (...parts: (string | number)[]): string =>
  createHash('sha256').update(parts.join('\u0000')).digest('hex')

/** A uuid that is always the same for the same parts. */
export function uuidFrom(...parts: (string | number)[]): string {
  const h = hashOf(...parts)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`
}

/** The id under which a company sees this generation of a bank account; the same at every link until it is reissued. */
export const accountIdOf = (company: string, account: BankAccount): string =>
  uuidFrom('account', company, account.seed.key, account.generation)

/** The habits in force for an account: the bank's, then those set by control, then the account's own. */
export function habitsOf(world: World, account: BankAccount): Habits {
  const bank = world.institutions.get(account.seed.institutionId) ?? world.institutions.values().next().value!
  return { ...bank.habits, ...world.kept.habits[bank.id], ...account.seed.habits }
}

/** The bank account by its key, or by any account id it has had. */
export function findAccount(world: World, keyOrId: string): BankAccount | undefined {
  const handle = Object.values(world.kept.handles).find((one) => one.id === keyOrId)
  return world.kept.accounts[handle?.account ?? keyOrId]
}

/** The last day on which the agreement gives access, as a time; null while it is not accepted. */
export function accessEndsMs(agreement: Agreement): number | null {
  if (agreement.accepted === null) return null
  const confirmed = agreement.confirmation?.confirmedAt != null
  const days =
    agreement.reconfirmation && !confirmed
      ? Math.min(90, agreement.access_valid_for_days)
      : agreement.access_valid_for_days
  return Date.parse(agreement.accepted) + days * DAY_MS
}
