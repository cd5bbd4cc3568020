import { describe, expect, it } from 'vitest'
import { accountIdentity } from '../transactions/index.ts'
import { findAccount, type OwnAccount } from './find-account.ts'

const account = (id: string, currency: string, iban: string | null, other = id): OwnAccount => ({
  id: `acc_${id}`,
  name: id,
  currency,
  identity: accountIdentity({ iban, other }, currency),
  iban,
})
const GERMAN = account('german', 'EUR', 'DE89370400440532013000')
const DOLLARS = account('dollars', 'USD', 'DE89370400440532013000')
const BRITISH = account('british', 'GBP', 'GB82WEST12345698765432')
const BARE = account('bare', 'EUR', null)
const SORTED = account('sorted', 'GBP', null, '12345698765432')

describe('findAccount', () => {
  it.each([
    ['its IBAN', [GERMAN], 'DE89370400440532013000', 'EUR', GERMAN],
    ['its IBAN with blanks', [GERMAN, BRITISH], 'DE89 3704 0044 0532 0130 00', null, GERMAN],
    ['its IBAN and currency', [GERMAN, DOLLARS], 'DE89370400440532013000', 'USD', DOLLARS],
    ['nothing, the only account', [GERMAN], null, null, GERMAN],
    ['a currency, the only account in it', [GERMAN, BRITISH], null, 'GBP', BRITISH],
    ['bank code and number', [GERMAN, BRITISH], '37040044/0532013000', 'EUR', GERMAN],
    ['the number without leading zeros and with currency', [GERMAN], '37040044/532013000EUR', 'EUR', GERMAN],
    ['sort code and number', [BRITISH], '12-3456 98765432', 'GBP', BRITISH],
    ['a masked number', [BRITISH], '****5432', 'GBP', BRITISH],
    ['any number, of an account without one', [BARE], '7001', 'EUR', BARE],
    ['any IBAN, of an account without one', [BARE], 'CH5899999000000780078', 'EUR', BARE],
    ['the number the bank is known by', [SORTED, BRITISH], '12345698765432', 'GBP', SORTED],
  ])('by %s', (_what, own, named, currency, expected) => {
    expect(findAccount(own.slice(0, expected === SORTED ? 1 : undefined), { account: named, currency })).toBe(expected)
  })

  it.each([
    ['another IBAN', [GERMAN], 'DE02120300000000202051', 'EUR', 'DE02120300000000202051'],
    ['another number', [GERMAN], '37040044/0999999999', 'EUR', '37040044/0999999999'],
    ['another currency', [GERMAN], 'DE89370400440532013000', 'USD', 'in USD'],
    [
      'nothing where there are several',
      [GERMAN, account('second', 'EUR', 'DE02120300000000202051')],
      null,
      'EUR',
      'several',
    ],
    ['an unknown number beside an account without one', [GERMAN, BARE], '9999999', 'EUR', '9999999'],
  ])('refuses %s', (_what, own, named, currency, words) => {
    expect(() => findAccount(own, { account: named, currency })).toThrow(words)
    expect(() => findAccount(own, { account: named, currency })).toThrow('…3000')
  })

  it('says what to do before there is an account', () => {
    expect(() => findAccount([], { account: null, currency: null })).toThrow('Finish the consent')
  })
})
