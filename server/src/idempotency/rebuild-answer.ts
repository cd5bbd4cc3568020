import { AppError } from '../base/errors.ts'
import type { Answer, Caller, Route, RouteContext } from '../http/route.ts'
import { check } from '../http/validate.ts'
import type { Resource } from './queries.ts'
import { z } from 'zod'

type Context = RouteContext<Caller | null, unknown, unknown, unknown>

const NO_PARAMETERS = z.strictObject({})

/** The answer of a request that took effect and did not live to answer, made from what it left behind: what a `GET` shows of
 *  the thing created (201 with its Location) or changed (200). Undefined where no `GET` shows it to this caller. */
export async function rebuildAnswer(
  routes: readonly Route[],
  route: Route,
  context: Context,
  resource: Resource | null,
): Promise<Answer | undefined> {
  const made = route.method === 'POST'
  if (made && (resource === null || !(201 in route.answers))) return undefined
  const wanted = made ? `${route.path}/{` : route.path
  const shows = routes.find(
    ({ method, outside, path }) =>
      method === 'GET' &&
      !outside &&
      (made ? path.startsWith(wanted) && !path.slice(wanted.length).includes('/') : path === wanted),
  )
  if (!shows || (shows.caller === 'tenant' && context.caller?.kind !== 'tenant')) return undefined
  const own = /\{(\w+)\}$/.exec(shows.path)?.[1]
  const params = {
    ...(context.params as Record<string, string>),
    ...(made && own !== undefined ? { [own]: resource!.id } : {}),
  }
  try {
    const query = check(shows.query ?? NO_PARAMETERS, {})
    const { status, body } = await shows.handle({ ...context, params, query, body: undefined })
    if (status !== 200) return undefined
    const location = shows.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    return made ? { status: 201, headers: { location: `/api/v1${location}` }, body } : { status: 200, body }
  } catch (error) {
    // Not there any more, or never of this kind: then the answer is lost indeed.
    if (error instanceof AppError && error.code !== 'service_unavailable') return undefined
    throw error
  }
}
