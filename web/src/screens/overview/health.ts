import type { BankConnection, StripeConnection, WhmcsInstance } from '@payymo/sdk'
import type { Words } from '../../words/en/index.ts'
import { daysLeft } from '../connections/bank/days.ts'

export type Mood = 'good' | 'info' | 'warn' | 'bad'

/** How a connection stands, for a person. */
export interface Health {
  id: string
  name: string
  mood: Mood
  text: string
  /** What to do next; undefined where nothing is to be done. */
  step?: string
  /** End of a bank's consent, drawn as a ring. */
  consentEndsAt?: string
}

interface Say {
  words: Words['overview']['health']
  /** What is said in place of the API's sentence about a bank, by code. */
  faults: Words['banks']['faults']
  /** `3 hours ago`. */
  ago(time: string): string
  day(time: string): string
  nowMs: number
}

export function healthOfBank(bank: BankConnection, { words, faults, ago, day, nowMs }: Say): Health {
  const { id, name } = bank
  const read = bank.last_sync_at === null ? words.notRead : words.read(ago(bank.last_sync_at))
  const ends = bank.consent_expires_at
  const ring = ends === null ? {} : { consentEndsAt: ends }
  if (bank.status === 'pending') return { id, name, mood: 'info', text: words.consentWaits, step: words.finish }
  if (bank.status === 'expired') return { id, name, mood: 'bad', text: words.consentEnded, step: words.renew, ...ring }
  if (bank.status === 'error')
    return {
      id,
      name,
      mood: 'bad',
      text: faults[bank.error?.code ?? ''] ?? bank.error?.message ?? words.fault,
      step: words.look,
      ...ring,
    }
  if (bank.provider === 'file') return { id, name, mood: 'good', text: words.file, step: words.upload }
  if (!bank.sync_enabled) return { id, name, mood: 'warn', text: words.off, step: words.look, ...ring }
  if (bank.status === 'expiring' && ends !== null)
    return {
      id,
      name,
      mood: 'warn',
      text: words.consentEnds(daysLeft(ends, nowMs), day(ends)),
      step: words.renew,
      ...ring,
    }
  const left = ends === null ? '' : ` ${words.consentLeft(daysLeft(ends, nowMs))}`
  return { id, name, mood: 'good', text: `${read}${left}`, ...ring }
}

export function healthOfWhmcs(instance: WhmcsInstance, { words, ago }: Say): Health {
  const { id } = instance
  const name = hostOf(instance.system_url)
  if (instance.status === 'error')
    return { id, name, mood: 'bad', text: instance.error?.message ?? words.fault, step: words.look }
  if (instance.verified_at === null) return { id, name, mood: 'warn', text: words.unproven, step: words.prove }
  if (instance.proof_fault !== null)
    return { id, name, mood: 'warn', text: words.proofGone(instance.proof_fault), step: words.prove }
  if (instance.mirrored_at === null) return { id, name, mood: 'info', text: words.firstReading }
  const seenAt = instance.last_sync_at ?? instance.last_seen_at ?? instance.mirrored_at
  return { id, name, mood: 'good', text: words.invoicesRead(ago(seenAt)) }
}

export function healthOfStripe(account: StripeConnection, { words, ago }: Say): Health {
  const { id } = account
  const name = `${account.account_name || account.account_id || 'Stripe'}${account.livemode ? '' : ` · ${words.testMode}`}`
  if (account.status === 'pending') return { id, name, mood: 'info', text: words.stripeWaits, step: words.finish }
  if (account.status === 'error')
    return { id, name, mood: 'bad', text: account.error?.message ?? words.fault, step: words.look }
  if (account.missing_permissions.length > 0)
    return { id, name, mood: 'warn', text: words.missing(account.missing_permissions.join(', ')), step: words.look }
  if (account.last_sync_at === null) return { id, name, mood: 'info', text: words.notRead }
  return { id, name, mood: 'good', text: words.read(ago(account.last_sync_at)) }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)

const GRAVITY: readonly Mood[] = ['bad', 'warn', 'info', 'good']

/** What needs somebody first. */
export const byGravity = (one: Health, other: Health): number => GRAVITY.indexOf(one.mood) - GRAVITY.indexOf(other.mood)
