import { notFound } from '../base/errors.ts'
import { type Id, isId } from '../base/ids.ts'
import { created, ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import type { BankingDeps } from './deps.ts'
import { getImport } from './import-queries.ts'
import { importExample, importQuery, importSchema, presentImport, readMapping } from './import-schemas.ts'
import { importStatement } from './import-statement.ts'
import { getConnection } from './queries.ts'
import { readUpload } from './read-upload.ts'

const STATEMENT_LIMIT_BYTES = 64 * 1024 * 1024

export function importRoutes(deps: BankingDeps): Route[] {
  return [
    tenantRoute({
      operationId: 'importStatement',
      method: 'POST',
      path: '/bank-connections/{id}/statements',
      tag: 'Bank connections',
      summary: 'Import a statement file',
      description:
        'CAMT.053, 052 or 054 (also several in a ZIP), MT940, OFX/QFX or CSV, as the body itself or as `file` of a multipart form. The same file again creates nothing.',
      permission: 'bank_connections:write',
      params: pathId,
      query: importQuery,
      rawBody: true,
      resumable: true,
      bodyLimitBytes: STATEMENT_LIMIT_BYTES,
      answers: { 201: { description: 'Imported', schema: importSchema, example: importExample } },
      find: async ({ caller, params: { id } }) => {
        if (!isId('bank', id) || !(await deps.store.read(caller.tenantId, (tx) => getConnection(tx, id))))
          throw notFound()
      },
      handle: async ({ caller, params: { id }, query, rawBody, header }) => {
        const upload = await readUpload(rawBody, header('content-type'))
        const row = await importStatement(deps, caller.tenantId, caller.actor, id as Id<'bank'>, {
          bytes: upload.bytes,
          mapping: readMapping(upload.mapping ?? query.mapping),
        })
        return created(`/imports/${row.id}`, presentImport(row))
      },
    }),
    tenantRoute({
      operationId: 'getImport',
      method: 'GET',
      path: '/imports/{id}',
      tag: 'Bank connections',
      summary: 'Read what became of a statement file',
      permission: 'bank_connections:read',
      params: pathId,
      answers: { 200: { description: 'The import', schema: importSchema, example: importExample } },
      handle: async ({ caller, params: { id } }) => {
        const row = isId('imp', id) ? await deps.store.read(caller.tenantId, (tx) => getImport(tx, id)) : undefined
        if (!row) throw notFound()
        return ok(presentImport(row))
      },
    }),
  ]
}
