import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Reply } from './answer.ts'
import type { Fault } from './faults.ts'

/** One call on the wire, and the means to play it. */
export interface Scene {
  request: IncomingMessage
  response: ServerResponse
  /** Runs the action and gives its reply. Called once at most. */
  run: () => Reply
  /** Runs the work after a while, unless the simulator is closed first. */
  later: (delayMs: number, work: () => void) => void
  /** The same for effects that `commitLate` may call in early. */
  commitLater: (delayMs: number, work: () => void) => void
}

const page = (title: string, text: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`

const html = (status: number, title: string, text: string): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body: page(title, text),
})

/** Plays a call, well or badly. */
export function play(fault: Fault | null, scene: Scene): void {
  const { request, response, run, later } = scene
  if (!fault) return send(response, run())
  const reset = (): void => void request.socket.resetAndDestroy()
  const instead = (reply: Reply): void => {
    if (fault.commits) run()
    send(response, reply)
  }
  switch (fault.mode) {
    case 'commit_late':
      if (fault.holdMs !== null) later(fault.holdMs, reset)
      return scene.commitLater(fault.delayMs, run)
    case 'drop_before':
      return reset()
    case 'drop_after_commit':
      run()
      return reset()
    case '500_after_commit':
      run()
      return send(response, html(500, 'Oops!', 'Something went wrong and we could not process your request.'))
    case '502_html':
      return instead(html(502, '502 Bad Gateway', 'nginx'))
    case 'html_error_page':
      return instead(html(200, 'Oops!', 'Critical Error. Could not connect to the database.'))
    case 'html_403':
      return instead(html(403, '403 Forbidden', 'Access denied by security policy.'))
    case '429_html':
      return instead(html(429, '429 Too Many Requests', 'Slow down.'))
    case 'maintenance':
      return instead(html(503, 'Down for Maintenance', 'We are currently performing maintenance.'))
    case 'empty_body':
      return instead({ status: 200, type: 'text/html; charset=utf-8', body: '' })
    case 'redirect':
      response.writeHead(301, { location: `https://${request.headers.host}${request.url}` }).end()
      return
    case 'php_warning_before_json': {
      const reply = run()
      const warning =
        '<br />\n<b>Warning</b>:  Undefined array key "x" in <b>/var/www/includes/hooks/theme.php</b> on line <b>12</b><br />\n'
      return send(response, { ...reply, body: warning + reply.body })
    }
    case 'bom': {
      const reply = run()
      return send(response, { ...reply, body: `\uFEFF${reply.body}` })
    }
    case 'truncated_body': {
      const reply = run()
      const bytes = Buffer.from(reply.body)
      response.writeHead(reply.status, { 'content-type': reply.type, 'content-length': bytes.length })
      response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy())
      return
    }
    case 'slow': {
      const reply = run()
      return later(fault.delayMs, () => send(response, reply))
    }
    case 'slow_body':
      return drip(scene, run(), fault.delayMs)
  }
}

const DRIPS = 20

/** The head and a first piece at once, the rest in equal pieces. */
function drip({ response, later }: Scene, reply: Reply, delayMs: number): void {
  const bytes = Buffer.from(reply.body)
  const size = Math.max(1, Math.ceil(bytes.length / DRIPS))
  response.writeHead(reply.status, { 'content-type': reply.type, 'content-length': bytes.length })
  const next = (from: number): void => {
    if (response.destroyed) return
    response.write(bytes.subarray(from, from + size))
    if (from + size >= bytes.length) response.end()
    else later(delayMs / DRIPS, () => next(from + size))
  }
  next(0)
}

export function send(response: ServerResponse, reply: Reply, location?: string): void {
  if (response.destroyed) return
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': Buffer.byteLength(reply.body),
    ...(location === undefined ? {} : { location }),
  })
  response.end(reply.body)
}
