import { notFound } from '../base/errors.ts'
import { type Id, isId, type TenantId, uuidOf } from '../base/ids.ts'
import { listBody, listExample, listSchema, listScoped } from '../http/list.ts'
import { created, ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import type { BankingDeps } from './deps.ts'
import { queueImport } from './import-later.ts'
import { getImport, importOf } from './import-queries.ts'
import {
  IMPORT_LIST,
  importExample,
  importListQuery,
  importQuery,
  importSchema,
  presentImport,
  queuedImportExample,
  readMapping,
} from './import-schemas.ts'
import { importStatement } from './import-statement.ts'
import { getConnection } from './queries.ts'
import { readUpload } from './read-upload.ts'

const STATEMENT_LIMIT_BYTES = 64 * 1024 * 1024

export function importRoutes(deps: BankingDeps): Route[] {
  const mustExist = async ({ caller, params: { id } }: { caller: { tenantId: TenantId }; params: { id: string } }) => {
    if (!isId('bank', id) || !(await deps.store.read(caller.tenantId, (tx) => getConnection(tx, id)))) throw notFound()
  }
  return [
    tenantRoute({
      operationId: 'importStatement',
      method: 'POST',
      path: '/bank-connections/{id}/statements',
      tag: 'Bank connections',
      summary: 'Import a statement file',
      description:
        'CAMT.053, 052 or 054 (also several in a ZIP), MT940, OFX/QFX or CSV, as the body itself or as `file` of a multipart form. The same file again creates nothing. With `async=true`, for large files, it is read after the answer.',
      permission: 'bank_connections:write',
      params: pathId,
      query: importQuery,
      rawBody: true,
      resumable: true,
      bodyLimitBytes: STATEMENT_LIMIT_BYTES,
      answers: {
        201: { description: 'Imported', schema: importSchema, example: importExample },
        202: {
          description: 'Kept, and read in a moment (`async=true`)',
          schema: importSchema,
          example: queuedImportExample,
        },
      },
      find: mustExist,
      handle: async ({ caller, params: { id }, query, rawBody, header }) => {
        const upload = await readUpload(rawBody, header('content-type'))
        const file = { bytes: upload.bytes, mapping: readMapping(upload.mapping ?? query.mapping) }
        if (query.async === 'true') {
          const row = await queueImport(deps, caller.tenantId, caller.actor, id as Id<'bank'>, file)
          return { ...created(`/imports/${row.id}`, presentImport(row)), status: 202 }
        }
        const row = await importStatement(deps, caller.tenantId, caller.actor, id as Id<'bank'>, file)
        return created(`/imports/${row.id}`, presentImport(row))
      },
    }),
    tenantRoute({
      operationId: 'listImports',
      method: 'GET',
      path: '/bank-connections/{id}/imports',
      tag: 'Bank connections',
      summary: 'List the statement files of a bank connection',
      description: 'What became of each file, with the lines that were rejected and why, the newest first.',
      permission: 'bank_connections:read',
      params: pathId,
      query: importListQuery,
      answers: {
        200: { description: 'A page', schema: listSchema(importSchema), example: listExample(importExample) },
      },
      find: mustExist,
      handle: async ({ caller, params: { id }, query, requestId }) => {
        const page = await deps.store.read(caller.tenantId, (tx) =>
          listScoped<{ id: string }>(tx, IMPORT_LIST, query, {
            sql: 'p.tenant_id = $1 and p.connection_id = $2',
            values: [tx.tenantUuid, uuidOf(id as Id<'bank'>)],
          }),
        )
        return ok(listBody(page, (row) => presentImport(importOf(row)), requestId))
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
