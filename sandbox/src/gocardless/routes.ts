import { ACCOUNT_ROUTES } from './account-routes.ts'
import { AGREEMENT_ROUTES } from './agreement-routes.ts'
import { INSTITUTION_ROUTES } from './institution-routes.ts'
import { flat, notFound, type Refusal } from './refusals.ts'
import { REQUISITION_ROUTES } from './requisition-routes.ts'
import type { Route } from './route.ts'
import { TOKEN_ROUTES } from './token-routes.ts'

const ROUTES: Route[] = [
  ...TOKEN_ROUTES,
  ...INSTITUTION_ROUTES,
  ...AGREEMENT_ROUTES,
  ...REQUISITION_ROUTES,
  ...ACCOUNT_ROUTES,
]

/** The route of a path below `/api/v2`, with its parameter; the refusal when there is none. The slash at the end is part of it. */
export function findRoute(method: string, path: string): { route: Route; id: string } | Refusal {
  let methodMissing = false
  for (const route of ROUTES) {
    const [before, after] = route.path.split('{id}')
    let id = ''
    if (after === undefined) {
      if (path !== route.path) continue
    } else {
      if (!path.startsWith(before!) || !path.endsWith(after) || path.length <= before!.length + after.length) continue
      id = path.slice(before!.length, -after.length)
      if (id.includes('/')) continue
    }
    if (route.method === method) return { route, id: decodeURIComponent(id) }
    methodMissing = true
  }
  return methodMissing ? flat(405, `Method "${method}" not allowed.`, `Method "${method}" not allowed.`) : notFound()
}
