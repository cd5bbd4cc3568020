import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GocardlessSimulator, type Habits, PERSONALITIES } from '../../../sandbox/src/gocardless/index.ts'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { linesOf } from '../../test/setup/factories-banking.ts'
import {
  bankSeed,
  bankSettings,
  bankWork,
  comeBack,
  connect,
  REDIRECT,
  seedAccount,
  seedLine,
  startBank,
} from '../../test/setup/factories-gocardless.ts'

let bank: GocardlessSimulator
let app: TestApp
beforeAll(async () => {
  bank = await startBank()
  app = await createTestApp({ config: bankSettings(bank) })
})
afterAll(async () => {
  await app.stop()
  await bank.close()
})

/** Fourteen payments: twins on one day, equal amounts of two payers, money out. */
const PAYMENTS = [
  ...Array.from({ length: 10 }, (_, n) =>
    seedLine(`t${n}`, n % 4 === 3 ? `-${10 + n}.50` : `${100 + n}.05`, 3 + n, `Invoice INV-${1000 + n}`),
  ),
  seedLine('twin-1', '19.00', 6, 'Parking'),
  seedLine('twin-2', '19.00', 6, 'Parking'),
  seedLine('same-1', '42.00', 5, 'INV-2001'),
  { ...seedLine('same-2', '42.00', 5, 'INV-2002'), counterparty: { name: 'Casa Verano' } },
]

/** A bank that lists one payment twice in one answer, with two days and two ids, cannot be told from two payments. */
const LISTS_TWICE = new Set(['doubling', 'swapping', 'gappy'])

describe('however careless the bank, three reads and a reconnect give each payment once', () => {
  const banks = Object.entries(PERSONALITIES) as [string, Partial<Habits>][]
  it.each(banks.filter(([name]) => !LISTS_TWICE.has(name)))('%s', async (name, habits) => {
    bank.control.seed(bankSeed([seedAccount({ habits, transactions: PAYMENTS })]))
    const work = bankWork(app, bank)
    const tenant = await app.tenant()
    const id = await connect(app, tenant, bank)
    await work.sync(tenant, id)
    await work.sync(tenant, id)
    bank.control.reissueIds('main')
    const again = await tenant.call('POST', `/bank-connections/${id}/reconnect`, { redirect_url: REDIRECT })
    await comeBack(app, bank.control.decide(again.body.authorization_id, 'approve').redirect_to)
    await work.sync(tenant, id)
    const accounts = (await tenant.call('GET', `/bank-connections/${id}`)).body.accounts
    expect(accounts).toHaveLength(1)
    const lines = await linesOf(tenant, accounts[0].id)
    const money = (amount: string) => amount.replace(/^-/, '').replace(/\.?0+$/, '')
    const amounts = lines.map((line) => String(line.amount))
    expect(amounts.toSorted(), name).toEqual(PAYMENTS.map((one) => money(one.amount)).toSorted())
  })
})
