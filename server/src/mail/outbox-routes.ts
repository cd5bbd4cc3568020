import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { notFound } from '../base/errors.ts'
import { type Answer, publicRoute, type Route, type RouteContext } from '../http/route.ts'
import { isThisMachine } from '../http/this-machine.ts'
import type { Outbox } from './outbox.ts'
import { renderList, renderMail } from './outbox-page.ts'
import { readEml } from './read-eml.ts'

const SHOWN_MAX = 100

/** Shows the mails of the outbox to a browser on this machine, and to nobody else: they hold links that are as good as
 *  passwords. Not served in production. */
export function outboxRoutes(outbox: Outbox): Route[] {
  return [
    publicRoute({
      operationId: 'listOutbox',
      method: 'GET',
      path: '/outbox',
      tag: 'System',
      summary: 'The mails that would have been sent',
      answers: { 200: { description: 'A page' } },
      handle: async (call) => {
        refuseOthers(call)
        const files = (await outbox.list()).slice(0, SHOWN_MAX)
        const mails = await Promise.all(files.map(async (file) => ({ file, bytes: await outbox.read(file) })))
        const shown = mails.flatMap(({ file, bytes }) => (bytes ? [{ file, ...readEml(bytes) }] : []))
        return page((nonce) => renderList(shown, nonce))
      },
    }),
    publicRoute({
      operationId: 'showOutboxMail',
      method: 'GET',
      path: '/outbox/{file}',
      tag: 'System',
      summary: 'One mail of the outbox',
      params: z.object({ file: z.string() }),
      answers: { 200: { description: 'A page' } },
      handle: async (call) => {
        refuseOthers(call)
        const bytes = await outbox.read(call.params.file)
        if (!bytes) throw notFound()
        return page((nonce) => renderMail(readEml(bytes), nonce))
      },
    }),
  ]
}

function refuseOthers(call: Pick<RouteContext<unknown, unknown, unknown, unknown>, 'ip' | 'header'>): void {
  if (!isThisMachine(call)) throw notFound()
}

function page(render: (nonce: string) => string): Answer {
  const nonce = randomBytes(16).toString('base64')
  return {
    status: 200,
    body: render(nonce),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  }
}
