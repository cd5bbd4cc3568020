import type { BankConnection, StripeConnection, WhmcsInstance } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { en } from '../../words/en/index.ts'
import { byGravity, healthOfBank, healthOfStripe, healthOfWhmcs } from './health.ts'

const NOW = '2025-04-10T12:00:00Z'
const say = {
  words: en.overview.health,
  faults: en.banks.faults,
  ago: () => '5 minutes ago',
  day: (time: string) => time.slice(0, 10),
  nowMs: Date.parse(NOW),
}

const bank = (set: Partial<BankConnection>): BankConnection => ({
  id: 'bank_1',
  name: 'House bank',
  provider: 'gocardless',
  institution_id: null,
  bank_name: 'House bank',
  sync_enabled: true,
  status: 'active',
  consent_expires_at: '2025-04-20T12:00:00Z',
  last_sync_at: NOW,
  next_sync_at: null,
  accounts: [],
  error: null,
  created_at: NOW,
  updated_at: NOW,
  ...set,
})

const whmcs = (set: Partial<WhmcsInstance>) =>
  ({
    id: 'whm_1',
    system_url: 'https://billing.example.com/whmcs',
    status: 'active',
    error: null,
    verified_at: NOW,
    proof_fault: null,
    mirrored_at: NOW,
    last_sync_at: NOW,
    last_seen_at: null,
    ...set,
  }) as WhmcsInstance

const stripe = (set: Partial<StripeConnection>) =>
  ({
    id: 'strc_1',
    account_id: 'acct_1',
    account_name: 'Shop',
    livemode: true,
    status: 'active',
    missing_permissions: [],
    last_sync_at: NOW,
    error: null,
    ...set,
  }) as StripeConnection

describe('how connections stand', () => {
  it.each([
    [{}, 'good', undefined],
    [{ status: 'pending' }, 'info', 'Finish'],
    [{ status: 'expiring' }, 'warn', 'Renew'],
    [{ status: 'expired' }, 'bad', 'Renew'],
    [{ status: 'error' }, 'bad', 'See why'],
    [{ sync_enabled: false }, 'warn', 'See why'],
    [{ provider: 'file', consent_expires_at: null }, 'good', 'Upload'],
  ] as const)('a bank that is %j', (set, mood, step) => {
    const health = healthOfBank(bank(set), say)
    expect([health.mood, health.step]).toEqual([mood, step])
  })

  it('says how long the consent lasts, and what the bank says', () => {
    expect(healthOfBank(bank({}), say).text).toBe('Read 5 minutes ago. Consent for 10 more days.')
    expect(healthOfBank(bank({ status: 'expiring' }), say).text).toBe('The consent ends in 10 days, on 2025-04-20.')
    const error = { code: 'odd', message: 'The bank is closed for the night.' }
    expect(healthOfBank(bank({ status: 'error', error }), say).text).toBe(error.message)
  })

  it.each([
    [{}, 'good', undefined],
    [{ verified_at: null }, 'warn', 'Prove'],
    [{ proof_fault: 'the file is gone' }, 'warn', 'Prove'],
    [{ mirrored_at: null }, 'info', undefined],
    [{ status: 'error', error: { code: 'x', message: 'It refuses the key.' } }, 'bad', 'See why'],
  ] as const)('a WHMCS that is %j', (set, mood, step) => {
    const health = healthOfWhmcs(whmcs(set), say)
    expect([health.name, health.mood, health.step]).toEqual(['billing.example.com', mood, step])
  })

  it.each([
    [{}, 'good', 'Shop'],
    [{ livemode: false }, 'good', 'Shop · test mode'],
    [{ status: 'pending', account_name: null }, 'info', 'acct_1'],
    [{ missing_permissions: ['payouts_read'] }, 'warn', 'Shop'],
    [{ last_sync_at: null }, 'info', 'Shop'],
    [{ status: 'error' }, 'bad', 'Shop'],
  ] as const)('a Stripe account that is %j', (set, mood, name) => {
    const health = healthOfStripe(stripe(set as Partial<StripeConnection>), say)
    expect([health.mood, health.name]).toEqual([mood, name])
  })

  it('shows first what needs somebody', () => {
    const all = [
      healthOfBank(bank({}), say),
      healthOfWhmcs(whmcs({ verified_at: null }), say),
      healthOfBank(bank({ status: 'expired' }), say),
    ]
    expect(all.toSorted(byGravity).map(({ mood }) => mood)).toEqual(['bad', 'warn', 'good'])
  })
})
