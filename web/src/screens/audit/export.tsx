import type { AuditEvent } from '@payymo/sdk'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { useFormats } from '../../design/format.ts'
import { saveFile } from '../../design/save-file.ts'
import { useSay } from '../../design/toast.tsx'
import { toCsv } from './csv.ts'
import { type AuditFilters, queryOf } from './filters.ts'

/** What one file holds at most: 50 pages, half a minute. */
const ROWS_MAX = 5_000

/** The rows that fit the filters, newest first, as a file. */
export function ExportAudit({ filters }: { filters: AuditFilters }) {
  const { audit } = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const say = useSay()
  const act = useAct()
  const [read, setRead] = useState(0)
  async function collect(): Promise<AuditEvent[]> {
    const rows: AuditEvent[] = []
    for await (const row of payymo.auditEvents.listAll({ ...queryOf(filters), per_page: 100 })) {
      rows.push(row)
      if (rows.length % 100 === 0) setRead(rows.length)
      if (rows.length === ROWS_MAX) break
    }
    return rows
  }
  const save = (rows: AuditEvent[]) => {
    setRead(0)
    saveFile('audit.csv', toCsv([audit.csvColumns, ...rows.map(cellsOf)]), 'text/csv')
    if (rows.length === ROWS_MAX) say(audit.csvMost(formats.count(ROWS_MAX)))
  }
  return (
    <>
      {act.fault !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {act.fault}
        </p>
      )}
      <Button
        busy={act.busy}
        icon={<Download aria-hidden className="size-4" />}
        onClick={() => void act.run(collect, save)}
      >
        {act.busy ? audit.csvBusy(formats.count(read)) : audit.csv}
      </Button>
    </>
  )
}

const cellsOf = (row: AuditEvent): string[] => [
  String(row.sequence),
  row.at,
  row.actor.type,
  row.actor.name,
  row.actor.id,
  row.action,
  row.resource.type,
  row.resource.id,
  row.ip ?? '',
  row.request_id ?? '',
  row.changes === null ? '' : JSON.stringify(row.changes),
  row.hash,
]
