import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { notFound } from '../base/errors.ts'
import { publicRoute, type Route } from '../http/route.ts'
import type { Slice } from '../http/slice.ts'
import { answerFile, KEPT_FOR_EVER } from '../http/static-file.ts'
import { type BuiltDashboard, readDashboard } from './files.ts'

const FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url))
/** Screens with an address of their own beside the overview at `/`: a person may come in at any of them, and at what stands below. */
const SCREENS = [
  'sign-in',
  'start',
  'review',
  'transactions',
  'invoices',
  'clients',
  'payouts',
  'connections',
  'webhooks',
  'keys',
  'team',
  'matching',
  'alerts',
  'audit',
  'tenants',
  'settings',
]

/** Scripts and styles are files of ours, never inline. A tenant's logo may stand anywhere on https. React sets styles through the
 *  DOM, which no policy hinders. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Payymo</title>
<p>The dashboard has not been built yet. Run <code>npm run build</code> and reload this page.</p></html>`

/** The dashboard: static files that reach the server through the API alone. `folder`: where `npm run build` put them. */
export function dashboardSlice(folder: string = FOLDER): Slice {
  let read: { files: BuiltDashboard | undefined } | undefined
  const files = (): BuiltDashboard | undefined => (read ??= { files: readDashboard(folder) }).files
  const page = (operationId: string, path: string, params: z.ZodType = z.object({})): Route =>
    publicRoute({
      operationId,
      method: 'GET',
      path,
      page: true,
      tag: 'Dashboard',
      summary: 'The dashboard',
      params,
      // What stands in the address is the page's own affair.
      query: z.looseObject({}),
      answers: { 200: { description: 'The page' } },
      handle: async ({ header }) => {
        const headers = { 'content-security-policy': POLICY, 'cache-control': 'no-cache' }
        const built = files()
        if (built) return answerFile(built.page, header('accept-encoding'), headers)
        return { status: 503, body: NOT_BUILT, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } }
      },
    })
  const nameOf = (screen: string): string =>
    `dashboard${screen
      .split('-')
      .map((word) => word[0]!.toUpperCase() + word.slice(1))
      .join('')}`
  return {
    routes: [
      page('dashboard', '/'),
      ...SCREENS.flatMap((screen) => [
        page(nameOf(screen), `/${screen}`),
        page(`${nameOf(screen)}One`, `/${screen}/{id}`, z.object({ id: z.string() })),
      ]),
      publicRoute({
        operationId: 'dashboardAsset',
        method: 'GET',
        path: '/assets/{file}',
        page: true,
        params: z.object({ file: z.string() }),
        tag: 'Dashboard',
        summary: 'A file of the dashboard',
        answers: { 200: { description: 'The file' } },
        handle: async ({ params, header }) => {
          const file = files()?.assets.get(params.file)
          if (!file) throw notFound()
          return answerFile(file, header('accept-encoding'), { 'cache-control': KEPT_FOR_EVER })
        },
      }),
      publicRoute({
        operationId: 'dashboardIcon',
        method: 'GET',
        path: '/icon.svg',
        page: true,
        tag: 'Dashboard',
        summary: 'The icon',
        answers: { 200: { description: 'The icon' } },
        handle: async ({ header }) => {
          const built = files()
          if (!built) throw notFound()
          return answerFile(built.icon, header('accept-encoding'), { 'cache-control': 'public, max-age=3600' })
        },
      }),
    ],
  }
}
