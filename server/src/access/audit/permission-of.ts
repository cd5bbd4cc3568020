import type { Route } from '../../http/route.ts'

/** What an operation asks for, by method and address as the API document writes it. */
export function permissionsOf(routes: readonly Route[]): (method: string, route: string) => string | undefined {
  const permissions = new Map(
    routes
      .filter((route) => route.permission !== 'public')
      .map((route) => [`${route.method} ${route.outside ? '' : '/api/v1'}${route.path}`, route.permission]),
  )
  return (method, route) => permissions.get(`${method} ${route}`)
}
