import { AppError } from '../base/errors.ts'
import type { Id } from '../base/ids.ts'
import { accountIdentity } from '../transactions/index.ts'

/** An account of the connection a file was uploaded to. */
export interface OwnAccount {
  id: Id<'acc'>
  name: string
  currency: string
  identity: string
  iban: string | null
}

/** Which of the connection's accounts a statement is of. An IBAN must be the account's own; a local number must stand within
 *  its IBAN; a file that names none is of the only account there is in its currency. An account that was set up without a
 *  number takes any. Pure. Throws `validation_failed` that names the file's account and ours, for money in the wrong account
 *  is worse than a refused file. */
export function findAccount(
  own: readonly OwnAccount[],
  named: { account: string | null; currency: string | null },
): OwnAccount {
  if (own.length === 0) {
    throw new AppError('validation_failed', 'This connection has no account yet. Finish the consent at the bank first.')
  }
  const number = named.account?.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase() || null
  const fitting = own.filter(
    (account) =>
      (named.currency === null || named.currency === account.currency) &&
      (number === null || isOf(account, number, named.account!, own.length)),
  )
  if (fitting.length === 1) return fitting[0]!
  const known = own.map(describe).join(', ')
  if (fitting.length > 1) {
    throw new AppError(
      'validation_failed',
      `The file does not say which account it is of, and this connection has several: ${known}. Upload a format that names the account (CAMT, MT940).`,
    )
  }
  const file = [named.account ?? 'an account it does not name', named.currency && `in ${named.currency}`]
  throw new AppError(
    'validation_failed',
    `The file is of ${file.filter(Boolean).join(' ').slice(0, 80)}, this connection holds ${known}. Upload it to the connection of its account.`,
  )
}

function isOf(account: OwnAccount, number: string, named: string, accounts: number): boolean {
  if (account.identity === accountIdentity({ other: named }, account.currency)) return true
  if (account.identity === accountIdentity({ other: number }, account.currency)) return true
  if (account.iban === null) return accounts === 1
  if (/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(number)) return false
  // `20041133/066120800`, `12-3456 789`: every part that says something must stand in the IBAN.
  const parts = named
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .map((part) => part.replace(/^(?:0+|[X*]+)/, '').replace(account.currency, ''))
    .filter((part) => part.length >= 4)
  return parts.every((part) => account.iban!.includes(part))
}

const describe = (account: OwnAccount): string =>
  `"${account.name}" (${account.iban === null ? '' : `…${account.iban.slice(-4)}, `}${account.currency})`
