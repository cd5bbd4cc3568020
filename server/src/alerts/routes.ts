import { notFound } from '../base/errors.ts'
import { isId } from '../base/ids.ts'
import { alertOf, presentAlert } from '../events/alerts.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import { closeByPerson } from './close-alert.ts'
import { getAlert } from './queries.ts'
import { ALERT_LIST, alertExample, alertListQuery, alertSchema, patchAlertSchema } from './schemas.ts'

export function alertRoutes(store: Store): Route[] {
  return [
    tenantRoute({
      operationId: 'listAlerts',
      method: 'GET',
      path: '/alerts',
      tag: 'Alerts',
      summary: 'List alerts',
      description: '`open=true` lists what still has to be looked at, `open=false` what was closed.',
      permission: 'reports:read',
      query: alertListQuery,
      answers: {
        200: { description: 'A page of alerts', schema: listSchema(alertSchema), example: listExample(alertExample) },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, ALERT_LIST, query))
        return ok(listBody(page, (row) => presentAlert(alertOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getAlert',
      method: 'GET',
      path: '/alerts/{id}',
      tag: 'Alerts',
      summary: 'Read an alert',
      permission: 'reports:read',
      params: pathId,
      answers: { 200: { description: 'The alert', schema: alertSchema, example: alertExample } },
      handle: async ({ caller, params }) => {
        const { id } = params
        const alert = isId('alr', id) ? await store.read(caller.tenantId, (tx) => getAlert(tx, id)) : undefined
        if (!alert) throw notFound()
        return ok(presentAlert(alert))
      },
    }),
    tenantRoute({
      operationId: 'closeAlert',
      method: 'PATCH',
      path: '/alerts/{id}',
      tag: 'Alerts',
      summary: 'Close an alert',
      description:
        'Says that somebody has seen to it. Payymo closes alerts itself when it sees that the cause is gone; one that is closed by hand and noticed again is a new alert. Closing twice changes nothing.',
      permission: 'reports:write',
      params: pathId,
      body: patchAlertSchema,
      bodyExample: { status: 'closed' },
      answers: {
        200: {
          description: 'The alert, closed',
          schema: alertSchema,
          example: { ...alertExample, closed_at: '2025-04-10T15:05:00Z', updated_at: '2025-04-10T15:05:00Z' },
        },
      },
      find: async ({ caller, params }) => {
        const { id } = params
        if (!isId('alr', id) || !(await store.read(caller.tenantId, (tx) => getAlert(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params }) => {
        if (!isId('alr', params.id)) throw notFound()
        return ok(presentAlert(await closeByPerson(store, caller.tenantId, caller.actor, params.id)))
      },
    }),
  ]
}
