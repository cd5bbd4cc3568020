import type { AuditEvent } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Facts } from '../../design/facts.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { readChanges } from './changes.ts'
import { Actor, useSaid } from './said.tsx'

/** One row beside the list: what was before and after, and what proves the row. */
export function RowPanel({ rowId, onClose }: { rowId: string | undefined; onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const said = useSaid()
  const query = useQuery({
    queryKey: ['audit-events', 'one', rowId],
    queryFn: ({ signal }) => payymo.auditEvents.get(rowId ?? '', { signal }),
    enabled: rowId !== undefined,
    // A row never changes.
    staleTime: Infinity,
  })
  return (
    <Dialog open={rowId !== undefined} onClose={onClose} side title={query.data ? said(query.data) : words.audit.row}>
      {query.isPending && <Waiting rows={5} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && <Content row={query.data} />}
    </Dialog>
  )
}

const MONO = 'font-mono text-xs break-all'
const LINK = 'underline decoration-line-strong underline-offset-4 hover:decoration-current'

function Content({ row }: { row: AuditEvent }) {
  const words = useWords()
  const formats = useFormats()
  const { audit } = words
  return (
    <div className="flex flex-col gap-6">
      <Facts
        facts={[
          [audit.at, formats.moment(row.at)],
          [
            audit.who,
            <Link key="who" to="/audit" search={{ actor_id: row.actor.id }} className={LINK}>
              <Actor row={row} />
            </Link>,
          ],
          [
            audit.thing,
            <Link key="thing" to="/audit" search={{ resource_id: row.resource.id }} className={LINK}>
              {audit.things[row.resource.type] ?? row.resource.type} <span className={MONO}>{row.resource.id}</span>
            </Link>,
          ],
          [
            audit.what,
            <span key="action" className={MONO}>
              {row.action}
            </span>,
          ],
          [audit.from, row.ip],
          [
            audit.request,
            row.request_id && (
              <span key="request" className={MONO}>
                {row.request_id}
              </span>
            ),
          ],
        ]}
      />
      <section className="flex flex-col gap-2">
        <h3 className="font-semibold">{audit.changes}</h3>
        <Changes row={row} />
      </section>
      <Facts
        facts={[
          [
            audit.row,
            <span key="row" className="tabular">
              {formats.count(row.sequence)}
            </span>,
          ],
          [
            audit.hash,
            <span key="hash" className={MONO}>
              {row.hash}
            </span>,
          ],
        ]}
      />
    </div>
  )
}

function Changes({ row }: { row: AuditEvent }) {
  const { audit } = useWords()
  const fields = readChanges(row.changes, audit)
  if (fields.length === 0) return <p className="text-soft">{audit.noChanges}</p>
  const compared = fields.some(({ before }) => before !== undefined)
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line text-left text-xs text-faint">
            <th scope="col" className="px-3 py-2 font-medium">
              {audit.field}
            </th>
            {compared && (
              <th scope="col" className="px-3 py-2 font-medium">
                {audit.before}
              </th>
            )}
            <th scope="col" className="px-3 py-2 font-medium">
              {compared ? audit.after : audit.value}
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ path, before, after }) => (
            <tr key={path} className="border-b border-line align-top last:border-0">
              <th scope="row" className="px-3 py-2 text-left font-mono text-xs leading-5 font-normal text-soft">
                {path}
              </th>
              {compared && <td className="px-3 py-2 break-words text-soft">{before ?? ''}</td>}
              <td className="px-3 py-2 break-words">{after ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
