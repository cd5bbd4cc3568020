import type { BankConnection } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Amount } from '../../../design/amount.tsx'
import { Card } from '../../../design/card.tsx'
import { useFormats } from '../../../design/format.ts'
import { Failed, Waiting } from '../../../design/states.tsx'
import { bankAccountsQuery } from '../queries.ts'

/** The accounts of a connection, with what the bank said stands on them. */
export function Accounts({ bank }: { bank: BankConnection }) {
  const words = useWords()
  const formats = useFormats()
  const query = useQuery(bankAccountsQuery(useApi(), bank.id))
  return (
    <Card title={words.banks.accounts}>
      {query.isPending && <Waiting rows={Math.max(1, bank.accounts.length)} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data?.data.length === 0 && <p className="p-4 text-soft">{words.banks.noAccounts}</p>}
      {query.data && query.data.data.length > 0 && (
        <ul className="divide-y divide-line">
          {query.data.data.map((account) => (
            <li key={account.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4 py-3">
              <div className="min-w-0">
                <p className="truncate font-medium">{account.name}</p>
                <p className="text-sm text-soft">
                  {[account.iban_last4 !== null && `···· ${account.iban_last4}`, account.currency]
                    .filter((part) => part !== false)
                    .join(' · ')}
                </p>
                <Link
                  to="/transactions"
                  search={{ account_id: account.id }}
                  className="inline-flex min-h-6 items-center text-sm text-soft underline underline-offset-4 hover:text-text"
                >
                  {words.banks.transactions}
                </Link>
              </div>
              {account.balance !== null && (
                <p className="text-right">
                  <span className="sr-only">{words.banks.balance} </span>
                  <Amount amount={account.balance} currency={account.currency} strong />
                  {account.balance_at !== null && (
                    <span className="block text-sm text-faint">
                      {words.banks.balanceAt(formats.moment(account.balance_at))}
                    </span>
                  )}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
