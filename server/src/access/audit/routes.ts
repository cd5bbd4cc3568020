import type { Clock } from '../../base/clock.ts'
import { notFound } from '../../base/errors.ts'
import { isId, uuidOf } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import type { AuditHeads } from './heads.ts'
import {
  AUDIT_COLUMNS,
  AUDIT_LIST,
  auditEventExample,
  auditEventSchema,
  auditListQuery,
  auditVerdictSchema,
  presentAuditEvent,
} from './schemas.ts'
import { createVerdicts } from './verdicts.ts'

/** The audit trail of a tenant. `heads` knows where chains stood by what is kept outside the database. */
export function auditRoutes(deps: { store: Store; heads: AuditHeads; clock: Clock }): Route[] {
  const { store } = deps
  const verdictOn = createVerdicts(deps)
  return [
    tenantRoute({
      operationId: 'listAuditEvents',
      method: 'GET',
      path: '/audit-events',
      tag: 'Audit',
      summary: 'List who did what, when and from where',
      description:
        'Newest first. Every change and every refused attempt is a row; rows are chained by their hashes, so that a changed or missing one shows.',
      permission: 'audit:read',
      query: auditListQuery,
      answers: {
        200: {
          description: 'A page of the audit trail',
          schema: listSchema(auditEventSchema),
          example: listExample(auditEventExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, AUDIT_LIST, query))
        return ok(listBody(page, presentAuditEvent, requestId))
      },
    }),
    tenantRoute({
      operationId: 'verifyAuditEvents',
      method: 'GET',
      path: '/audit-events/verify',
      tag: 'Audit',
      summary: 'Check the whole audit trail',
      description:
        'Walks the chain from its first row to its head, and through the newest head kept outside the database. About ten seconds per million rows. A verdict stands for a minute while no row joins.',
      permission: 'audit:read',
      answers: {
        200: {
          description: 'Whether the chain is whole',
          schema: auditVerdictSchema,
          example: { valid: true, checked: 4711, first_broken: null },
        },
      },
      handle: async ({ caller: { tenantId } }) => {
        const { valid, checked, firstBroken } = await verdictOn(tenantId)
        return ok({ valid, checked, first_broken: firstBroken })
      },
    }),
    tenantRoute({
      operationId: 'getAuditEvent',
      method: 'GET',
      path: '/audit-events/{id}',
      tag: 'Audit',
      summary: 'Read one row of the audit trail',
      permission: 'audit:read',
      params: pathId,
      answers: { 200: { description: 'The row', schema: auditEventSchema, example: auditEventExample } },
      handle: async ({ caller, params }) => {
        const { id } = params
        if (!isId('aud', id)) throw notFound()
        const row = await store.read(caller.tenantId, (tx) =>
          tx.first<object>(`select ${AUDIT_COLUMNS} from audit_events e where e.tenant_id = $1 and e.id = $2`, [
            tx.tenantUuid,
            uuidOf(id),
          ]),
        )
        if (!row) throw notFound()
        return ok(presentAuditEvent(row))
      },
    }),
  ]
}
