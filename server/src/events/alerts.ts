import { isoSeconds } from '../base/clock.ts'
import { newId, uuidOf } from '../base/ids.ts'
import type { Change } from './store.ts'

/** Something a person must look at. One stays open per code and subject, however often it is noticed. */
export interface Alert {
  code: string
  severity: 'info' | 'warning' | 'critical'
  subject: { type: string; id: string }
  /** What happened, to what, and what to do next. */
  message: string
}

/** Opens the alert unless it is open already, with its event. */
export async function openAlert(tx: Change, alert: Alert): Promise<void> {
  const id = newId('alr')
  const opened = await tx.run(
    `insert into alerts (tenant_id, id, code, severity, subject_type, subject_id, message, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, code, subject_id) where closed_at is null do nothing`,
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
  if (opened === 0) return
  tx.event('alert.opened', id, { id, ...alert, opened_at: isoSeconds(tx.now), closed_at: null })
}

/** Closes what is open about the subject under this code; does nothing when nothing is. */
export async function closeAlert(tx: Change, code: string, subjectId: string): Promise<void> {
  await tx.run(
    'update alerts set closed_at = $4, updated_at = now() where tenant_id = $1 and code = $2 and subject_id = $3 and closed_at is null',
    [tx.tenantUuid, code, subjectId, tx.now],
  )
}
