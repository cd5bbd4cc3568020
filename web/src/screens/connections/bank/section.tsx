import type { BankConnection } from '@payymo/sdk'
import { Landmark, Plus, Upload } from 'lucide-react'
import { useList } from '../../../app/list.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { useFormats } from '../../../design/format.ts'
import type { Adding } from '../filters.ts'
import { ConnectionRow, NoneYet, Section } from '../section.tsx'
import { accountsText, bankFault, BankState } from './state.tsx'

export function Banks({ onAdd }: { onAdd: (adding: Adding) => void }) {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const may = useMay('admin')
  const query = useList<BankConnection>(
    ['bank-connections'],
    (page, signal) => payymo.bankConnections.list(page, { signal }),
    { waits: ({ status }) => status === 'pending', everyMs: 5_000 },
  )
  return (
    <Section
      title={words.banks.title}
      icon={<Landmark aria-hidden className="size-4" />}
      query={query}
      isEnded={({ status }) => status === 'revoked'}
      action={
        may && (
          <>
            <Button icon={<Upload aria-hidden className="size-4" />} onClick={() => onAdd('file')}>
              {words.banks.file.add}
            </Button>
            <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => onAdd('bank')}>
              {words.banks.connect}
            </Button>
          </>
        )
      }
      row={(bank) => (
        <ConnectionRow
          key={bank.id}
          id={bank.id}
          name={bank.name}
          about={accountsText(bank) || words.banks.noAccounts}
          state={<BankState bank={bank} />}
          end={
            bank.last_sync_at === null
              ? bank.provider === 'gocardless' && words.connections.neverRead
              : words.connections.lastRead(formats.ago(bank.last_sync_at))
          }
          fault={bankFault(bank, words)}
        />
      )}
      empty={<NoneYet title={words.banks.none}>{words.banks.emptyText}</NoneYet>}
    />
  )
}
