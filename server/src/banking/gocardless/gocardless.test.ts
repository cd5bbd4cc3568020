import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type GocardlessSimulator,
  type Habits,
  PERSONALITIES,
  SANDBOX_CREDENTIALS,
} from '../../../../sandbox/src/gocardless/index.ts'
import { BANK, bankSeed, daysAgo, seedAccount, seedLine, startBank } from '../../../test/setup/factories-gocardless.ts'
import { systemClock } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import type { BankFeed, Institution } from '../bank-feed.ts'
import { createGocardless } from './index.ts'

let bank: GocardlessSimulator
let outbound: Outbound
let feed: BankFeed
let northern: Institution
beforeAll(async () => {
  bank = await startBank()
  outbound = createOutbound({ allowedPrivateHosts: [new URL(bank.url).host] })
})
afterAll(async () => {
  await outbound.close()
  await bank.close()
})
beforeEach(async () => {
  await fresh()
})

async function fresh(accounts = [seedAccount()]): Promise<void> {
  bank.control.seed(bankSeed(accounts))
  feed = createGocardless({
    outbound,
    clock: systemClock,
    baseUrl: bank.url,
    secretId: SANDBOX_CREDENTIALS.secretId,
    secretKey: new Secret(SANDBOX_CREDENTIALS.secretKey),
  })
  northern = (await feed.getInstitution(BANK))!
}

const start = (change: object = {}) =>
  feed.startConsent({
    institution: northern,
    redirectUrl: 'http://127.0.0.1:8080/callbacks/gocardless',
    reference: crypto.randomUUID(),
    historyDays: 90,
    language: undefined,
    ...change,
  })

/** A consent given; returns the ids of its accounts. */
async function linked(change: object = {}): Promise<string[]> {
  const { requisitionId } = await start(change)
  bank.control.decide(requisitionId, 'approve')
  return (await feed.readConsent(requisitionId)).accountIds
}

const asked = (providerAccountId: string, currency = 'GBP') => ({ providerAccountId, currency, institutionId: BANK })

describe('institutions', () => {
  it('are listed by country, and read by id', async () => {
    const listed = await feed.listInstitutions('gb')
    expect(listed.find((one) => one.id === BANK)).toEqual(northern)
    expect(northern).toMatchObject({
      name: 'Northern Bank',
      countries: ['GB'],
      maxHistoryDays: 730,
      maxAccessDays: 180,
    })
    expect(await feed.getInstitution('NO_SUCH_BANK')).toBeUndefined()
  })

  it('that repeat a long history for ever give 90 days', async () => {
    const seed = bankSeed()
    seed.institutions![0]!.supportedFeatures = ['separate_continuous_history_consent']
    bank.control.seed(seed)
    const other = createGocardless({
      outbound,
      clock: systemClock,
      baseUrl: bank.url,
      secretId: SANDBOX_CREDENTIALS.secretId,
      secretKey: new Secret(SANDBOX_CREDENTIALS.secretKey),
    })
    expect((await other.getInstitution(BANK))!.maxHistoryDays).toBe(90)
  })
})

describe('a consent', () => {
  it('goes from pending to linked, with the day of acceptance', async () => {
    const begun = await start({ historyDays: 365, language: 'de' })
    expect(begun).toMatchObject({ link: expect.stringMatching(/^http/), accessDays: 180, historyDays: 365 })
    expect(await feed.readConsent(begun.requisitionId)).toMatchObject({ status: 'pending', word: 'CR', accountIds: [] })
    bank.control.decide(begun.requisitionId, 'approve')
    const state = await feed.readConsent(begun.requisitionId)
    expect(state).toMatchObject({ status: 'linked', word: 'LN', accountIds: [expect.any(String)] })
    expect(Math.abs(state.acceptedAt!.getTime() - Date.now())).toBeLessThan(60_000)
  })

  it.each([
    ['CR', 'pending'],
    ['GC', 'pending'],
    ['UA', 'pending'],
    ['SA', 'pending'],
    ['GA', 'pending'],
    ['ID', 'pending'],
    ['RJ', 'failed'],
    ['EX', 'failed'],
    ['SU', 'failed'],
    ['ER', 'failed'],
  ] as const)('in state %s is %s', async (word, status) => {
    const { requisitionId } = await start()
    bank.control.setRequisition(requisitionId, word)
    expect(await feed.readConsent(requisitionId)).toMatchObject({ status, word })
  })

  it('asks for less when the bank grants less than it says', async () => {
    bank.control.addFault({ kind: 'error', row: 'incorrect_access_days', shape: 2, endpoint: 'agreements/create' })
    const begun = await start({ historyDays: 90 })
    expect(begun).toMatchObject({ accessDays: 90, historyDays: 89 })
    const agreement = bank.control.state().agreements.at(-1)!
    expect([agreement.max_historical_days, agreement.access_valid_for_days]).toEqual([
      begun.historyDays,
      begun.accessDays,
    ])
  })

  it('ended twice is ended', async () => {
    const { requisitionId } = await start()
    await feed.endConsent(requisitionId)
    await feed.endConsent(requisitionId)
    expect(bank.control.state().requisitions).toEqual([])
    await expect(feed.readConsent(requisitionId)).rejects.toMatchObject({ fault: 'gone', reason: 'not_found' })
  })
})

describe('accounts', () => {
  it.each([
    ['with an IBAN', seedAccount(), { name: 'Business account', currency: 'GBP', iban: 'GB82WEST12345698765432' }],
    [
      'with sort code and number',
      { ...seedAccount({ scan: '12345698765432' }), iban: undefined },
      { iban: null, otherNumber: '12345698765432' },
    ],
    [
      'of a card',
      { ...seedAccount({ maskedPan: '1234XXXXXXXX5678', currency: 'EUR' }), iban: undefined },
      { iban: null, otherNumber: '1234XXXXXXXX5678', currency: 'EUR' },
    ],
    [
      'with the IBAN in bban',
      { ...seedAccount({ bban: 'GB82WEST12345698765432' }), iban: undefined },
      { iban: 'GB82WEST12345698765432' },
    ],
    ['without a name', { ...seedAccount({ product: 'Current' }), name: undefined }, { name: 'Current' }],
  ])('%s', async (_what, seeded, expected) => {
    await fresh([JSON.parse(JSON.stringify(seeded))])
    const [id] = await linked()
    expect(await feed.getAccount(id!)).toMatchObject({ providerAccountId: id, ...expected })
  })

  it('give their balance in their own currency', async () => {
    const [id] = await linked()
    expect(await feed.getBalance(asked(id!))).toEqual({ amountMinor: 125_000n, currency: 'GBP' })
    expect(await feed.getBalance(asked(id!, 'EUR'))).toBeUndefined()
  })
})

describe('lines', () => {
  it('come from the window asked for', async () => {
    const [id] = await linked()
    const { lines, rejected } = await feed.listLines(asked(id!), daysAgo(7), daysAgo(0))
    expect(rejected).toEqual([])
    expect(lines.map((line) => [line.direction, line.amountMinor, line.description])).toEqual([
      ['debit', 1_200n, 'Domain fees'],
      ['credit', 25_050n, 'INV 2'],
    ])
  })

  it.each(Object.entries(PERSONALITIES) as [string, Partial<Habits>][])(
    'of a bank that is %s keep amount, direction and the words of the payer',
    async (name, habits) => {
      const transactions = Array.from({ length: 12 }, (_, n) => ({
        ...seedLine(`t${n}`, n % 3 === 2 ? `-${10 + n}.50` : `${100 + n}.05`, 3 + n, `Invoice INV-${1000 + n}`),
        ...(n === 0 ? { pending: true } : {}),
      }))
      await fresh([seedAccount({ habits, transactions })])
      const [id] = await linked()
      const { lines, rejected } = await feed.listLines(asked(id!), daysAgo(40), daysAgo(0))
      expect(rejected).toEqual([])
      expect(lines.length).toBeGreaterThan(0)
      const said = new Set(transactions.map((one) => one.amount.replace(/[-.]/g, '')))
      expect(lines.every((line) => said.has(String(line.amountMinor)))).toBe(true)
      expect(lines.every((line) => /^\d{4}-\d{2}-\d{2}$/.test(line.bookedOn))).toBe(true)
      if (name === 'inverted' || name === 'unsigned') return
      for (const line of lines) {
        const seeded = transactions.find((one) => one.amount.replace(/[-.]/g, '') === String(line.amountMinor))!
        expect(line.direction).toBe(seeded.amount.startsWith('-') ? 'debit' : 'credit')
        const number = seeded.text as string
        if (line.status === 'booked') expect(line.description.replaceAll(/\W/g, '')).toContain(number.slice(-4))
      }
    },
  )
})
