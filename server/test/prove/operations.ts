import type { Payymo } from '../../src/main.ts'

/** One operation of the OpenAPI document. */
export interface Operation {
  operationId: string
  method: string
  /** With the prefix, parameters as `{id}`. */
  path: string
  permission: string
  sensitive: boolean
  parameters: { name: string; in: string }[]
  body: boolean
  /** The documented example of the body, as JSON. */
  example: string | undefined
}

/** Every operation below /api/v1, as the served document names them. Fails when the document and the routes differ. */
export async function operationsOf(payymo: Payymo): Promise<Operation[]> {
  const document = (await payymo.http.inject({ url: '/api/openapi.json' })).json() as {
    paths: Record<string, Record<string, OperationObject>>
  }
  const documented = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        operationId: operation.operationId,
        method: method.toUpperCase(),
        path,
        permission: Object.values(operation.security?.[0] ?? {})[0]?.[0] ?? 'none',
        sensitive: payymo.routes.some((route) => route.operationId === operation.operationId && route.sensitive),
        parameters: operation.parameters ?? [],
        body: operation.requestBody !== undefined,
        example: exampleOf(operation),
      })),
    )
  const served = payymo.routes.filter((route) => !route.outside)
  const missing = served.filter((route) => !documented.some(({ operationId }) => operationId === route.operationId))
  if (missing.length > 0 || served.length !== documented.length)
    throw new Error(`the document and the routes differ: ${missing.map((route) => route.operationId).join(', ')}`)
  return documented
}

interface OperationObject {
  operationId: string
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { example?: unknown; examples?: Record<string, { value?: unknown }> }> }
}

function exampleOf({ requestBody }: OperationObject): string | undefined {
  const json = requestBody?.content['application/json']
  const example = json?.example ?? Object.values(json?.examples ?? {})[0]?.value
  return example === undefined ? undefined : JSON.stringify(example)
}
