import { newId } from '../../src/base/ids.ts'
import type { Check } from './check-invariants.ts'
import type { KnownIds } from './input-generate.ts'
import type { DocumentedOperation } from './input-judge.ts'

export interface PlainAnswer {
  status: number
  headers: Record<string, unknown>
  body: string
}

export type Send = (
  method: string,
  url: string,
  options?: { body?: string; headers?: Record<string, string>; credential?: string | null },
) => Promise<PlainAnswer>

interface Detail {
  field: string
  issue: string
}

/** What holds for every operation alike, asked of each one by itself (contract 3.1, 3.4). */
export async function checkConventions(
  operations: DocumentedOperation[],
  { send, urlOf }: { send: Send; urlOf(operation: DocumentedOperation): Promise<string | undefined> },
): Promise<Check[]> {
  const checks: Check[] = []
  for (const operation of operations) {
    const faults: string[] = []
    const { method, path } = operation
    const url = await urlOf(operation)
    faults.push(...(await ids(operation, send)))
    if (url !== undefined) {
      faults.push(...(await unknownNames(operation, url, send)))
      if (operation.bodySchema !== undefined) faults.push(...(await bodies(operation, url, send)))
    }
    const stranger = await send(method, `${path}?colour=green`, { credential: null, body: '{' })
    if (stranger.status !== 401) faults.push(`without a credential: ${stranger.status}`)
    checks.push({ name: `conventions of ${method} ${path}${url === undefined ? ' (no id of this kind)' : ''}`, faults })
  }
  for (const path of new Set(operations.map((operation) => operation.path)))
    checks.push({ name: `other methods at ${path}`, faults: await otherMethods(operations, path, send) })
  return checks
}

/** Whatever stands in the path and does not exist gets the same words, whatever else is wrong with the request. */
async function ids({ method, path, bodySchema }: DocumentedOperation, send: Send): Promise<string[]> {
  if (!path.includes('{')) return []
  const tries = [newId('evt'), newId('ten'), 'x', '..%2f..', '%00', 'é'.repeat(10), 'x'.repeat(2_000), '%f0%9f%92%a9']
  const answers = await Promise.all(
    tries.map((id) =>
      send(method, path.replaceAll(/\{\w+\}/g, id), bodySchema === undefined ? {} : { body: '{"colour":' }),
    ),
  )
  return answers.flatMap(({ status, body }, index) => {
    const { code, message, details } = errorOf(body)
    const right =
      status === 404 &&
      code === 'resource_not_found' &&
      message === "The requested resource doesn't exist" &&
      details.length === 0
    return right ? [] : [`${tries[index]!.slice(0, 20)} in the path: ${status} ${body.slice(0, 200)}`]
  })
}

async function unknownNames(operation: DocumentedOperation, url: string, send: Send): Promise<string[]> {
  const { method, bodySchema, bodyExample } = operation
  const takes = bodySchema !== undefined || (method !== 'GET' && method !== 'DELETE' && !operation.upload)
  const example = typeof bodyExample === 'object' && bodyExample !== null ? bodyExample : {}
  const { status, body } = await send(
    method,
    `${url}?colour=green&hue=1`,
    takes ? { body: JSON.stringify({ ...example, shade: 1 }) } : {},
  )
  const { details } = errorOf(body)
  const missing = ['colour', 'hue', ...(takes ? ['shade'] : [])].filter(
    (name) => !details.some(({ field, issue }) => field === name && issue === 'This field is not known'),
  )
  return status === 400 && missing.length === 0
    ? []
    : [`unknown names ${missing.join(', ')}: ${status} ${body.slice(0, 300)}`]
}

async function bodies({ method, bodySchema }: DocumentedOperation, url: string, send: Send): Promise<string[]> {
  const faults: string[] = []
  const expect = async (what: string, body: string, status: number, more: { type?: string; field?: string } = {}) => {
    const answer = await send(method, url, { body, headers: { 'content-type': more.type ?? 'application/json' } })
    const named = more.field === undefined || errorOf(answer.body).details.some(({ field }) => field === more.field)
    if (answer.status !== status || !named) faults.push(`${what}: ${answer.status} ${answer.body.slice(0, 200)}`)
  }
  await expect('a list', '[]', 400, { field: 'body' })
  await expect('null', 'null', 400, { field: 'body' })
  await expect('a text', '"x"', 400, { field: 'body' })
  await expect('half', '{"a":', 400, { field: 'body' })
  await expect('33 levels', `${'{"a":'.repeat(32)}[1]${'}'.repeat(32)}`, 400, { field: 'body' })
  await expect('a text type', '{}', 415, { type: 'text/plain' })
  await expect('a broken type', '{}', 415, { type: ';;;' })
  await expect('__proto__', '{"__proto__":{"a":1}}', 400, { field: '__proto__' })
  const required = ((bodySchema as { required?: string[] }).required ?? []).filter((name) => typeof name === 'string')
  if (required.length === 0) return faults
  const { status, body } = await send(method, url, { body: '{}' })
  const { message, details } = errorOf(body)
  const unnamed = required.filter(
    (name) => !details.some(({ field, issue }) => field === name && issue === 'This field is required'),
  )
  if (status !== 400 || unnamed.length > 0 || message !== 'The request is missing required parameters')
    faults.push(`nothing given, ${unnamed.join(', ')} not named: ${status} ${body.slice(0, 300)}`)
  return faults
}

async function otherMethods(operations: DocumentedOperation[], path: string, send: Send): Promise<string[]> {
  const served = operations.filter((one) => one.path === path).map((one) => one.method)
  const url = path.replaceAll(/\{\w+\}/g, newId('evt'))
  const faults: string[] = []
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
    if (served.includes(method)) continue
    const { status, headers, body } = await send(method, url)
    const allow = String(headers.allow).split(', ').sort().join()
    if (status !== 405 || allow !== [...served].sort().join())
      faults.push(`${method}: ${status} ${allow} ${body.slice(0, 100)}`)
  }
  if (!served.includes('GET')) return faults
  const [head, get] = [await send('HEAD', url), await send('GET', url)]
  if (head.status !== get.status || head.body !== '')
    faults.push(`HEAD: ${head.status} ${head.body}, GET: ${get.status}`)
  return faults
}

function errorOf(body: string): { code?: string; message?: string; details: Detail[] } {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: string; message?: string; details?: Detail[] } }
    return { ...error, details: error?.details ?? [] }
  } catch {
    return { details: [] }
  }
}

const TRIES_MAX = 100

/** The address of an operation with ids that exist, or undefined while none of the kind is known. Asked with a parameter that
 *  nobody knows, so that nothing happens. */
export const urlWithIds =
  (ids: KnownIds, kindOf: (path: string, name: string) => string, send: Send) =>
  async ({ method, path }: DocumentedOperation): Promise<string | undefined> => {
    if (!path.includes('{')) return path
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids.pick(kindOf(path, name)))
      if ((await send(method, `${url}?colour=green`)).status !== 404) return url
    }
    return undefined
  }
