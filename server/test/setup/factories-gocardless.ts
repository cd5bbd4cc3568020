import { type BankingDeps, bankingSlice, createGocardless as createFeed } from '../../src/banking/index.ts'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Config } from '../../src/config.ts'
import { createOutbound } from '../../src/outbound/index.ts'
import {
  createGocardless,
  type GocardlessSeed,
  type GocardlessSimulator,
  SANDBOX_CREDENTIALS,
  type SeedAccount,
  type SeedTransaction,
} from '../../../sandbox/src/gocardless/index.ts'
import type { TestAnswer, TestApp, TestTenant } from './app.ts'

export const BANK = 'NORTHERN_NBNKGB21'

/** `YYYY-MM-DD`, so many days before now. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** A simulated bank with one account of three lines, unless the test names others. */
export const startBank = (accounts?: SeedAccount[]): Promise<GocardlessSimulator> =>
  createGocardless({ seed: bankSeed(accounts) })

export function bankSeed(accounts: SeedAccount[] = [seedAccount()]): GocardlessSeed {
  return {
    institutions: [
      {
        id: BANK,
        name: 'Northern Bank',
        bic: 'NBNKGB21',
        countries: ['GB'],
        transactionTotalDays: '730',
        maxAccessValidForDays: '180',
      },
    ],
    accounts,
  }
}

export function seedAccount(change: Partial<SeedAccount> = {}): SeedAccount {
  return {
    key: 'main',
    institutionId: BANK,
    currency: 'GBP',
    iban: 'GB82WEST12345698765432',
    ownerName: 'Test Hosting Ltd',
    name: 'Business account',
    balance: '1250.00',
    transactions: [
      seedLine('one', '100.00', 20, 'INV 1'),
      seedLine('two', '250.50', 5, 'INV 2'),
      seedLine('three', '-12.00', 2, 'Domain fees'),
    ],
    ...change,
  }
}

export const seedLine = (key: string, amount: string, ago: number, text: string): SeedTransaction => ({
  key,
  amount,
  bookingDate: daysAgo(ago),
  valueDate: daysAgo(ago),
  counterparty: { name: 'Marlow Hosting Co' },
  text,
})

/** Settings of a platform whose bank data comes from the simulator. */
export const bankSettings = (bank: GocardlessSimulator): Partial<Config> => ({
  gocardlessBankDataUrl: bank.url,
  gocardlessSecretId: SANDBOX_CREDENTIALS.secretId,
  gocardlessSecretKey: new Secret(SANDBOX_CREDENTIALS.secretKey),
  allowedPrivateHosts: [new URL(bank.url).host],
})

export const REDIRECT = 'https://billing.example.com/connected?next=1'

export async function initialize(tenant: TestTenant, body: object = {}): Promise<TestAnswer['body']> {
  const answer = await tenant.call('POST', '/bank-connections/initialize', {
    institution_id: BANK,
    redirect_url: REDIRECT,
    ...body,
  })
  if (answer.status !== 201) throw new Error(`not initialized: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** The browser's way back, as the bank sent it. */
export const comeBack = (app: TestApp, redirectTo: string): Promise<TestAnswer> => {
  const { pathname, search } = new URL(redirectTo)
  return app.call(undefined, 'GET', pathname + search)
}

/** Consent asked for, given at the bank, and taken back home. Returns the connection's id. */
export async function connect(app: TestApp, tenant: TestTenant, bank: GocardlessSimulator): Promise<string> {
  const started = await initialize(tenant)
  const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
  const back = await comeBack(app, redirect_to)
  if (back.status !== 302) throw new Error(`no way back: ${String(back.body)}`)
  return started.bank_connection_id
}

/** The slice's own work, done when the test says so instead of by workers. */
export interface BankWork {
  deps: BankingDeps
  sync(tenant: TestTenant, connectionId: string, by?: 'scheduled' | 'asked'): Promise<void>
  sweep(name: 'due bank connections' | 'pending bank consents' | 'ending bank consents'): Promise<void>
}

export function bankWork(app: TestApp, bank: GocardlessSimulator, clock: Clock = systemClock): BankWork {
  const outbound = createOutbound({ allowedPrivateHosts: [new URL(bank.url).host] })
  const feed = createFeed({
    outbound,
    clock,
    baseUrl: bank.url,
    secretId: SANDBOX_CREDENTIALS.secretId,
    secretKey: new Secret(SANDBOX_CREDENTIALS.secretKey),
  })
  const deps: BankingDeps = {
    store: app.store,
    vault: app.vault,
    clock,
    scaled: (ms) => ms,
    log: silentLog,
    feedOf: () => Promise.resolve(feed),
    publicUrl: () => 'http://127.0.0.1:8080',
    production: false,
  }
  const slice = bankingSlice(deps)
  return {
    deps,
    sync: (tenant, connectionId, by = 'scheduled') => slice.jobs![0]!.handle({ tenantId: tenant.id, connectionId, by }),
    sweep: (name) => slice.sweeps!.find((sweep) => sweep.name === name)!.run(),
  }
}
