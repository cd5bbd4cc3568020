import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import type { Readiness } from '../database/readiness.ts'
import { EVENT_DESCRIPTIONS } from '../events/catalogue.ts'
import { openApiDocument } from './openapi.ts'
import { ok, publicRoute, type Route } from './route.ts'

const statusSchema = (status: string) => z.object({ status: z.literal(status) })

/** Health, readiness, and the document of the API itself. */
export function systemRoutes(options: {
  readiness: Readiness
  routes: Route[]
  version: string
  stopping(): boolean
}): Route[] {
  const own: Route[] = [
    publicRoute({
      operationId: 'healthz',
      method: 'GET',
      path: '/healthz',
      tag: 'System',
      summary: 'Whether the process lives',
      answers: { 200: { description: 'It does', schema: statusSchema('ok'), example: { status: 'ok' } } },
      handle: async () => ok({ status: 'ok' }),
    }),
    publicRoute({
      operationId: 'readyz',
      method: 'GET',
      path: '/readyz',
      tag: 'System',
      summary: 'Whether it can serve: database within a second, schema and keys as expected, not shutting down',
      answers: { 200: { description: 'It can', schema: statusSchema('ready'), example: { status: 'ready' } } },
      handle: async () => {
        if (options.stopping())
          throw new AppError('service_unavailable', 'Payymo is shutting down', { retryAfterSeconds: 5 })
        const fault = await options.readiness()
        if (fault !== undefined) throw new AppError('service_unavailable', fault, { retryAfterSeconds: 5 })
        return ok({ status: 'ready' })
      },
    }),
    publicRoute({
      operationId: 'openapi',
      method: 'GET',
      path: '/api/openapi.json',
      tag: 'System',
      summary: 'The OpenAPI document of this API',
      answers: {
        200: {
          description: 'OpenAPI 3.1',
          schema: z.looseObject({ openapi: z.string() }),
          example: { openapi: '3.1.0' },
        },
      },
      handle: async () => ({ status: 200, body: document, headers: { 'content-type': 'application/json' } }),
    }),
  ]
  // Written once: a megabyte that anybody may ask for must not be written for each.
  const document = JSON.stringify(openApiDocument([...options.routes, ...own], options.version, EVENT_DESCRIPTIONS))
  return own
}
