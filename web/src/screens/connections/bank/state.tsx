import type { BankConnection } from '@payymo/sdk'
import { useWords } from '../../../app/words.tsx'
import { Badge, type Tone } from '../../../design/badge.tsx'
import type { Words } from '../../../words/en/index.ts'

const TONES: Record<string, Tone> = {
  pending: 'info',
  active: 'good',
  expiring: 'warn',
  expired: 'bad',
  error: 'bad',
  revoked: 'neutral',
  paused: 'neutral',
  file: 'neutral',
}

export const isFile = (bank: BankConnection): boolean => bank.provider === 'file'

function stateOf(bank: BankConnection): string {
  if (bank.status === 'active' || bank.status === 'expiring') {
    if (isFile(bank)) return 'file'
    if (!bank.sync_enabled) return 'paused'
  }
  return bank.status
}

export function BankState({ bank }: { bank: BankConnection }) {
  const state = stateOf(bank)
  return <Badge tone={TONES[state] ?? 'neutral'}>{useWords().banks.states[state] ?? state}</Badge>
}

/** What is wrong, for a person; undefined where nothing is, or nothing can be done. */
export const bankFault = (bank: BankConnection, { banks }: Words): string | undefined =>
  bank.error === null || bank.status === 'revoked' ? undefined : (banks.faults[bank.error.code] ?? bank.error.message)

export const accountsText = (bank: BankConnection): string =>
  bank.accounts
    .map(({ name, iban_last4: end, currency }) => [name, end === null ? currency : `···· ${end}`].join(' '))
    .join(', ')
