import { describe, expect, it } from 'vitest'
import { createGocardless } from '../gocardless/index.ts'
import { SANDBOX_CREDENTIALS } from '../gocardless/seed.ts'
import { createWhmcs } from '../whmcs/index.ts'
import { isIban } from './iban.ts'
import { buildMonth } from './month.ts'

const TODAY = '2026-03-31'
const month = buildMonth({ today: TODAY })
const account = month.bank.accounts[0]!
const invoices = month.whmcs.invoices!
const cents = (text: string): bigint => BigInt(text.replace('.', ''))
const totalOf = (id: number): bigint =>
  invoices.find((invoice) => invoice.id === id)!.items!.reduce((sum, item) => sum + cents(item.amount), 0n)
const linesOf = (kind: string) =>
  month.truth
    .filter((truth) => truth.kind === kind)
    .map((truth) => ({ truth, line: account.transactions.find((line) => line.key === truth.line)! }))

const KINDS =
  `named cut_text broken_text name_only no_text client_number third_party two_named two_unnamed two_candidates
  two_clients twins monthly_oldest monthly_named part_payment rest bank_fee surplus double_payment wrong_number swapped_digits
  replaced cancelled amount_only announced other_currency mass_payment booked_by_hand card_payout wallet_payout own_transfer
  supplier_refund stray refund wages rent data_centre bank_fees money_out`.split(/\s+/)

describe('the sandbox month', () => {
  it('is the same for the same day and seed, and another for another seed', () => {
    expect(buildMonth({ today: TODAY })).toEqual(month)
    expect(buildMonth({ today: TODAY, seed: 7 })).not.toEqual(month)
  })

  it.each(['2026-03-31', '2026-11-25', '2027-01-03', '2028-02-29'])(
    'on %s holds each kind of doubt, mostly plain money',
    (today) => {
      for (const seed of [20_260, 1, 2]) {
        const { truth, bank, whmcs, from } = buildMonth({ today, seed })
        expect([...new Set(truth.map(({ kind }) => kind))].toSorted()).toEqual(KINDS.toSorted())
        expect(truth.length).toBeGreaterThanOrEqual(180)
        expect(truth.length).toBeLessThanOrEqual(220)
        expect(truth.filter(({ expected }) => expected === 'auto').length).toBeGreaterThan(truth.length * 0.6)
        expect(whmcs.invoices!.length).toBeGreaterThan(240)
        for (const line of bank.accounts[0]!.transactions) {
          if (line.pendingUntil !== undefined) continue
          expect(line.bookingDate! >= from && line.bookingDate! <= today, line.bookingDate).toBe(true)
          expect([0, 6]).not.toContain(new Date(line.bookingDate!).getUTCDay())
        }
      }
    },
  )

  it('knows every invoice it speaks of, pays none twice, and none before it was written', () => {
    const known = new Map(invoices.map((invoice) => [invoice.id!, invoice]))
    for (const truth of month.truth) {
      const day = account.transactions.find((line) => line.key === truth.line)!.bookingDate!
      for (const id of truth.invoiceIds) expect(known.get(id)!.date! < day, `${id} ${truth.kind}`).toBe(true)
    }
    const auto = month.truth.filter((truth) => truth.expected === 'auto').flatMap((truth) => truth.invoiceIds)
    expect(new Set(auto).size).toBe(auto.length)
  })

  it('pays to the cent what the kinds say', () => {
    for (const kind of [
      'named',
      'two_named',
      'mass_payment',
      'twins',
      'booked_by_hand',
      'monthly_oldest',
      'third_party',
    ]) {
      for (const { truth, line } of linesOf(kind)) {
        expect(cents(line.amount), truth.line).toBe(truth.invoiceIds.reduce((sum, id) => sum + totalOf(id), 0n))
      }
    }
    for (const { truth, line } of linesOf('bank_fee'))
      expect(totalOf(truth.invoiceIds[0]!) - cents(line.amount)).toBe(250n)
    for (const { truth, line } of linesOf('rest')) {
      const [before] = month.whmcs.payments!.filter((payment) => payment.invoice === truth.invoiceIds[0])
      expect(cents(line.amount) + cents(before!.amount)).toBe(totalOf(truth.invoiceIds[0]!))
    }
  })

  it('adds up: the balance is the opening plus every booked line', () => {
    const booked = account.transactions.filter((line) => line.pendingUntil === undefined)
    const sum = booked.reduce((total, line) => total + cents(line.amount), 0n)
    expect(cents(account.balance!) - sum).toBe(1_845_017n)
  })

  it('uses account numbers with right check digits', () => {
    const ibans = [month.company.iban, ...account.transactions.flatMap((line) => line.counterparty?.iban ?? [])]
    expect(ibans.length).toBeGreaterThan(150)
    expect(ibans.filter((text) => !isIban(text))).toEqual([])
    expect(isIban('DE89370400440532013000')).toBe(true)
    expect(isIban('DE89370400440532013001')).toBe(false)
  })

  it('speaks believably, of people and companies of many countries', () => {
    const { clients = [] } = month.whmcs
    expect(new Set(clients.map((client) => client.country)).size).toBeGreaterThan(6)
    expect(clients.some((client) => client.companyname === 'H&K Werbetechnik GmbH')).toBe(true)
    const names = clients.map((client) => client.companyname || `${client.firstname} ${client.lastname}`)
    expect(new Set(names).size).toBe(clients.length)
    const texts = account.transactions.flatMap((line) => [line.text ?? ''].flat())
    expect(texts.join(' ')).not.toMatch(/lorem|undefined|NaN|\[object/i)
    expect(new Set(texts).size).toBeGreaterThan(120)
  })

  it('breaks a number over two lines, and leaves pairs that look alike', () => {
    for (const { truth, line } of linesOf('broken_text')) {
      const { number } = invoices.find((invoice) => invoice.id === truth.invoiceIds[0])!
      const parts = [line.text!].flat()
      expect(parts.every((part) => !part.includes(number!))).toBe(true)
      expect(parts.join('')).toContain(number)
    }
    const [one, other] = linesOf('twins').map(({ line: { key: _key, ...rest } }) => rest)
    expect(one).toEqual(other)
  })

  it('is taken by the simulated WHMCS, entities and parts and all', async () => {
    const whmcs = await createWhmcs({ seed: month.whmcs })
    try {
      const books = whmcs.control.books()
      const text = JSON.stringify(books, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
      expect(text).toContain('H&amp;K Werbetechnik GmbH')
      expect(text).toContain('O&#039;Neill')
    } finally {
      await whmcs.close()
    }
  })

  it('is shown by the simulated bank, the announced apart', async () => {
    const bank = await createGocardless({ seed: { ...month.bank, now: `${TODAY}T12:00:00Z` } })
    try {
      const ask = async (method: string, path: string, body?: object, token?: string) => {
        const answer = await fetch(`${bank.url}/api/v2${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
        return (await answer.json()) as Record<string, never>
      }
      const { access } = await ask('POST', '/token/new/', {
        secret_id: SANDBOX_CREDENTIALS.secretId,
        secret_key: SANDBOX_CREDENTIALS.secretKey,
      })
      const asked = { redirect: 'https://a.example', institution_id: month.company.institutionId, reference: 'r' }
      await ask('POST', '/requisitions/', asked, access)
      bank.control.decide('r', 'approve')
      const id = bank.control.account('business').ids[0]!.id
      const shown = (await ask('GET', `/accounts/${id}/transactions/`, undefined, access)) as unknown as {
        transactions: { booked: unknown[]; pending: unknown[] }
      }
      expect(shown.transactions.pending.length).toBe(2)
      expect(shown.transactions.booked.length).toBe(account.transactions.length - 2)
    } finally {
      await bank.close()
    }
  })
})
