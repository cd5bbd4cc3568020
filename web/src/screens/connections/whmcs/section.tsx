import type { WhmcsInstance } from '@payymo/sdk'
import { Plus, ReceiptText } from 'lucide-react'
import { useList } from '../../../app/list.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { useFormats } from '../../../design/format.ts'
import type { Adding } from '../filters.ts'
import { ConnectionRow, NoneYet, Section } from '../section.tsx'
import { nameOf, WhmcsState } from './state.tsx'

export function WhmcsInstances({ onAdd }: { onAdd: (adding: Adding) => void }) {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const may = useMay('admin')
  const query = useList<WhmcsInstance>(['whmcs-instances'], (page, signal) =>
    payymo.whmcsInstances.list(page, { signal }),
  )
  return (
    <Section
      title={words.whmcs.title}
      icon={<ReceiptText aria-hidden className="size-4" />}
      query={query}
      isEnded={({ status }) => status === 'disconnected'}
      action={
        may && (
          <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => onAdd('whmcs')}>
            {words.whmcs.add}
          </Button>
        )
      }
      row={(instance) => (
        <ConnectionRow
          key={instance.id}
          id={instance.id}
          name={nameOf(instance)}
          about={words.whmcs.modes[instance.mode]}
          state={<WhmcsState instance={instance} />}
          end={
            instance.last_seen_at === null ? words.whmcs.never : words.whmcs.seen(formats.ago(instance.last_seen_at))
          }
          fault={instance.status === 'disconnected' ? undefined : instance.error?.message}
        />
      )}
      empty={<NoneYet title={words.whmcs.none}>{words.whmcs.emptyText}</NoneYet>}
    />
  )
}
