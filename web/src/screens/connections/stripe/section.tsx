import type { StripeConnection } from '@payymo/sdk'
import { CreditCard, Plus } from 'lucide-react'
import { useList } from '../../../app/list.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { useFormats } from '../../../design/format.ts'
import type { Adding } from '../filters.ts'
import { ConnectionRow, NoneYet, Section } from '../section.tsx'
import { isFailed, nameOf, stripeFault, StripeState } from './state.tsx'

export function StripeConnections({ onAdd }: { onAdd: (adding: Adding) => void }) {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const may = useMay('admin')
  const query = useList<StripeConnection>(
    ['stripe-connections'],
    (page, signal) => payymo.stripeConnections.list(page, { signal }),
    { waits: ({ status }) => status === 'pending', everyMs: 5_000 },
  )
  return (
    <Section
      title={words.stripe.title}
      icon={<CreditCard aria-hidden className="size-4" />}
      query={query}
      isEnded={(connection) => connection.status === 'disconnected' || isFailed(connection)}
      action={
        may && (
          <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => onAdd('stripe')}>
            {words.stripe.add}
          </Button>
        )
      }
      row={(connection) => (
        <ConnectionRow
          key={connection.id}
          id={connection.id}
          name={nameOf(connection, words)}
          about={[
            connection.account_name !== null && connection.account_id,
            !connection.livemode && words.stripe.test,
            words.stripe.kinds[connection.kind],
          ]
            .filter((part) => part !== false && part !== null)
            .join(' · ')}
          state={<StripeState connection={connection} />}
          end={
            connection.account_id === null
              ? undefined
              : connection.last_sync_at === null
                ? words.connections.neverRead
                : words.connections.lastRead(formats.ago(connection.last_sync_at))
          }
          fault={stripeFault(connection, words)}
        />
      )}
      empty={<NoneYet title={words.stripe.none}>{words.stripe.emptyText}</NoneYet>}
    />
  )
}
