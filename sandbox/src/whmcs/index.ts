import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Access } from './access.ts'
import type { Reply } from './answer.ts'
import { actionName, answerCall } from './api.ts'
import { Books } from './books.ts'
import { answerControl } from './control-http.ts'
import { Control } from './control.ts'
import { Form } from './form.ts'
import { play, send } from './play.ts'
import { plant, type WhmcsSeed } from './seed.ts'
import { standIn } from './site.ts'
import { withSwitches, type Switches } from './switches.ts'
import { Watch } from './watch.ts'

export { DEFAULT_CREDENTIAL, type Access } from './access.ts'
export type { BooksView } from './control.ts'
export { FAULT_MODES, type FaultMode, type FaultPlan, type FaultRule } from './faults.ts'
export type { JournalEntry } from './journal.ts'
export type { SeedClient, SeedInvoice, SeedPayment, WhmcsSeed } from './seed.ts'
export { CHOICES, type Switches } from './switches.ts'

export interface WhmcsOptions {
  /** 0, the default: any free port. */
  port?: number
  /** `127.0.0.1` by default. */
  host?: string
  /** Sub-path of the install, such as `/billing`; none by default. */
  basePath?: string
  /** The truth journal. With it, and `<journal>.state` beside it, a simulator started again keeps its books. */
  journal?: string
  /** Whether every commit waits for the disk (default). Killing the process loses nothing either way. */
  sync?: boolean
  /** Planted only when the books are new. */
  seed?: WhmcsSeed
  /** Like `access`, for new books only: a returning install is as it was left. */
  switches?: Partial<Switches>
  access?: Partial<Access>
}

export interface WhmcsSimulator {
  /** The system URL, without a slash at the end: `http://127.0.0.1:40123/billing`. */
  url: string
  control: Control
  /** Ends it as a kill would: connections are cut, effects still held back never happen. The books stay on disk. */
  close: () => Promise<void>
}

const SEED_OF_ALL: WhmcsSeed = {
  currencies: [{ code: 'USD', prefix: '$', suffix: ' USD', format: 1, rate: '1.00000' }],
  gateways: [
    { module: 'banktransfer', displayname: 'Bank Transfer' },
    { module: 'mailin', displayname: 'Mail In Payment' },
    { module: 'stripe', displayname: 'Credit Card' },
  ],
}

/** Starts a simulated WHMCS. Resolves when it listens. Throws a RangeError on a seed or switch that makes no sense. */
export async function createWhmcs(options: WhmcsOptions = {}): Promise<WhmcsSimulator> {
  const { port = 0, host = '127.0.0.1', basePath = '' } = options
  const books = new Books(options.journal, options.sync)
  try {
    if (books.table('currencies').all().length === 0) furnish(books, options)
  } catch (fault) {
    books.close()
    throw fault
  }
  const watch = new Watch()
  const timers = new Set<NodeJS.Timeout>()
  const late = new Set<() => void>()
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}${basePath}`
  const control = new Control(books, `${url}/`, watch, late)

  const later = (delayMs: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, delayMs)
    timers.add(timer)
  }
  const commitLater = (delayMs: number, work: () => void): void => {
    const run = (): void => {
      if (late.delete(run)) work()
    }
    late.add(run)
    later(delayMs, run)
  }

  const call = (
    name: string,
    parameters: Record<string, string>,
    request: IncomingMessage,
    response: ServerResponse,
    run: (peer: string) => { reply: Reply; message: string },
  ): void => {
    const peer = request.socket.remoteAddress ?? ''
    const { record, left } = watch.enter({ action: name, peer, parameters })
    response.once('close', left)
    const fault = control.faults.decide(name, record.n)
    record.fault = fault?.mode ?? null
    const runRecorded = (): Reply => {
      const { reply, message } = run(peer)
      record.outcome = message === '' ? 'success' : message
      return reply
    }
    play(fault, { request, response, run: runRecorded, later, commitLater })
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = new URL(request.url ?? '/', 'http://whmcs.invalid')
    const path = target.pathname
    const body = await readBody(request)
    if (path.startsWith('/__control/')) {
      const loopback = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '')
      return send(response, loopback ? answerControl(control, request.method ?? '', target, body) : NOT_FOUND)
    }
    const { site, movedTo } = books.settings.switches
    const instead = standIn(site, { path, basePath, movedTo })
    if (instead) {
      const { left } = watch.enter({ action: `site ${site}`, peer: request.socket.remoteAddress ?? '', parameters: {} })
      response.once('close', left)
      return send(response, instead.reply, instead.location)
    }
    const token = /^\/\.well-known\/payymo-([^/]+)\.txt$/.exec(path)?.[1]
    const file = token === undefined ? undefined : books.settings.proof.wellKnown[token]
    if (file !== undefined) return send(response, text(file))
    if (path === `${basePath}/modules/addons/payymo/proof.php`) {
      const nonce = target.searchParams.get('nonce') ?? ''
      return call('proof', { nonce }, request, response, () => ({ reply: proof(books, nonce), message: '' }))
    }
    if (path === `${basePath}/includes/api.php`) {
      const form = readForm(request, body, (text) => watch.warn('request', text))
      return call(actionName(form), form.shown(), request, response, (peer) =>
        answerCall(books, `${url}/`, form, peer, {
          warn: (action, text) => watch.warn(action, text),
          happen: (happening) => watch.happen(happening),
        }),
      )
    }
    const home = path === `${basePath}/` || path === `${basePath}/index.php`
    send(response, home ? { ...NOT_FOUND, status: 200, body: '<html><body>Example Hosting</body></html>' } : NOT_FOUND)
  }

  server.on('request', (request, response) => {
    serve(request, response).catch((fault: unknown) => {
      console.error(fault)
      send(response, { ...NOT_FOUND, status: 500, body: '<html><body>Simulator fault</body></html>' })
    })
  })

  return {
    url,
    control,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      late.clear()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      books.close()
    },
  }
}

/** A new install: a currency and payment methods, then what the options ask for. */
function furnish(books: Books, options: WhmcsOptions): void {
  books.commit(() => {
    const install = { books, action: 'seed', systemUrl: '', warn: () => undefined, happen: () => undefined }
    const { switches, access } = books.settings
    books.changeSettings({
      switches: withSwitches(switches, options.switches ?? {}),
      access: { ...access, ...options.access },
    })
    const own = options.seed ?? {}
    plant(install, {
      ...own,
      currencies: own.currencies ?? SEED_OF_ALL.currencies!,
      gateways: own.gateways ?? SEED_OF_ALL.gateways!,
    })
  })
}

const NOT_FOUND: Reply = {
  status: 404,
  type: 'text/html; charset=utf-8',
  body: '<html><body><h1>Not Found</h1></body></html>',
}

const text = (body: string): Reply => ({ status: 200, type: 'text/plain; charset=utf-8', body })

/** The module's page: HMAC-SHA256 of the nonce under the shared secret, lower-case hex. */
function proof(books: Books, nonce: string): Reply {
  const { webhookSecret } = books.settings.proof
  if (webhookSecret === null) return NOT_FOUND
  if (nonce === '') return { ...text('nonce is missing'), status: 400 }
  return text(createHmac('sha256', webhookSecret).update(nonce).digest('hex'))
}

/** WHMCS reads a posted form. Anything else leaves it without fields, and so without credentials. */
function readForm(request: IncomingMessage, body: string, warn: (text: string) => void): Form {
  const type = request.headers['content-type'] ?? ''
  if (request.method === 'POST' && type.startsWith('application/x-www-form-urlencoded')) return new Form(body)
  warn(`${request.method} with content type ${type === '' ? 'none' : type}: no field was read`)
  return new Form()
}

const BODY_BYTES_MAX = 64 * 1024 * 1024

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > BODY_BYTES_MAX) throw new RangeError('the request body is too large')
  }
  return Buffer.concat(parts).toString('utf8')
}
