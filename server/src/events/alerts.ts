import { isoSeconds } from '../base/clock.ts'
import { type Id, idOf, newId, uuidOf } from '../base/ids.ts'
import type { Change } from './store.ts'

/** Something a person must look at. One stays open per code and subject, however often it is noticed. */
export interface Alert {
  code: string
  severity: 'info' | 'warning' | 'critical'
  subject: { type: string; id: string }
  /** What happened, to what, and what to do next. */
  message: string
}

/** An alert as it was opened. */
export interface AlertRow extends Alert {
  id: Id<'alr'>
  openedAt: Date
  closedAt: Date | null
  createdAt: Date
  updatedAt: Date
}

/** Opens the alert unless it is open already, with its event. Closed and noticed again, it is a new one. */
export async function openAlert(tx: Change, alert: Alert): Promise<void> {
  const id = newId('alr')
  const opened = await tx.first<object>(
    `insert into alerts as a (tenant_id, id, code, severity, subject_type, subject_id, message, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, code, subject_id) where closed_at is null do nothing
     returning ${ALERT_COLUMNS}`,
    [
      tx.tenantUuid,
      uuidOf(id),
      alert.code,
      alert.severity,
      alert.subject.type,
      alert.subject.id,
      alert.message,
      tx.now,
    ],
  )
  if (opened) tx.event('alert.opened', id, presentAlert(alertOf(opened)))
}

/** Closes what is open about the subject under this code; does nothing when nothing is. */
export async function closeAlert(tx: Change, code: string, subjectId: string): Promise<void> {
  await tx.run(
    'update alerts set closed_at = $4, updated_at = now() where tenant_id = $1 and code = $2 and subject_id = $3 and closed_at is null',
    [tx.tenantUuid, code, subjectId, tx.now],
  )
}

export const ALERT_COLUMNS =
  'a.id, a.code, a.severity, a.subject_type, a.subject_id, a.message, a.opened_at, a.closed_at, a.created_at, a.updated_at'

export function alertOf(record: object): AlertRow {
  const row = record as AlertRecord
  return {
    id: idOf('alr', row.id),
    code: row.code,
    severity: row.severity,
    subject: { type: row.subject_type, id: row.subject_id },
    message: row.message,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

interface AlertRecord {
  id: string
  code: string
  severity: Alert['severity']
  subject_type: string
  subject_id: string
  message: string
  opened_at: Date
  closed_at: Date | null
  created_at: Date
  updated_at: Date
}

/** The only way an alert leaves: the API and the event `alert.opened` show the same. */
export const presentAlert = (row: AlertRow) => ({
  id: row.id,
  code: row.code,
  severity: row.severity,
  subject: row.subject,
  message: row.message,
  opened_at: isoSeconds(row.openedAt),
  closed_at: row.closedAt && isoSeconds(row.closedAt),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})
