import SmtpConnection from 'nodemailer/lib/smtp-connection'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import type { Secret } from '../base/secret.ts'
import type { Message } from './compose.ts'
import type { Courier, Outcome } from './courier.ts'

/** For the whole mail, from the name look-up to the last reply: a server that drips is cut off as well. */
const BUDGET_MS = 60_000
const STEP_MS = 15_000

/** Sends over SMTP_URL. This is the one place besides outbound/ that opens a connection: where mail goes is the operator's own
 *  word, like DATABASE_URL, so that private addresses are meant and no tenant can choose one.
 *
 *  smtps:// speaks TLS from the start, smtp:// changes to it when the server offers it; a password is never sent without TLS,
 *  except to this machine. Certificates are checked; `?tls.rejectUnauthorized=false` in the URL is the operator's way out. */
export function createSmtpCourier(options: { url: Secret; budgetMs?: number; stepMs?: number }): Courier {
  const opening = openingOf(options.url, options.stepMs ?? STEP_MS)
  return { send: (message) => deliver(message, { budgetMs: options.budgetMs ?? BUDGET_MS, ...opening() }) }
}

/** How to reach the server of SMTP_URL: each call gives a new connection that is not yet open. `local`: the server is this
 *  machine's. */
export function openingOf(url: Secret, stepMs: number) {
  const { host = 'localhost', port, secure, auth, tls, ignoreTLS } = parseConnectionUrl(url.reveal()) as Parsed
  const local = /^(localhost|127(\.\d+){3}|::1)$/.test(host)
  return () => ({
    auth,
    local,
    connection: new SmtpConnection({
      host,
      secure: secure === true,
      ...(port === undefined ? {} : { port }),
      ...(tls === undefined ? {} : { tls }),
      ...(ignoreTLS === true ? { ignoreTLS } : {}),
      requireTLS: auth !== undefined && !local,
      dnsTimeout: stepMs,
      connectionTimeout: stepMs,
      greetingTimeout: stepMs,
      socketTimeout: stepMs,
      // Let go at once: a server that never ends its side would otherwise hold the socket for another while.
      socketCloseTimeout: 0,
      maxResponseSize: 64 * 1024,
    }),
  })
}

interface Parsed {
  host?: string
  port?: number
  secure?: boolean
  auth?: { user: string; pass: string }
  tls?: object
  ignoreTLS?: boolean
}

function deliver(
  message: Message,
  { connection, auth, budgetMs }: { connection: SmtpConnection; auth: Parsed['auth']; budgetMs: number },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome) => {
      clearTimeout(budget)
      // After a good send the server is told goodbye; it need not answer.
      if (outcome.state === 'sent') connection.quit()
      else connection.close()
      resolve(outcome)
    }
    const budget = setTimeout(() => end({ state: 'later', reason: 'timeout', server: true }), budgetMs)
    const send = () =>
      connection.send({ from: message.from, to: [message.to] }, message.bytes, (error) =>
        end(error ? outcomeOf(error) : { state: 'sent' }),
      )
    connection.on('error', (error: unknown) => end(outcomeOf(error)))
    connection.connect((error) => {
      if (error) end(outcomeOf(error))
      else if (auth) {
        connection.login({ user: auth.user, credentials: auth }, (failure) =>
          failure ? end(outcomeOf(failure)) : send(),
        )
      } else send()
    })
  })
}

/** Replies that speak of us and not of the mail: no authentication (RFC 4954), or no TLS (RFC 3207). */
const ABOUT_US = new Set([530, 534, 535, 538])

/** What an error of nodemailer means. Only a 5xx reply to the mail itself (sender, recipient or content) is for good. */
function outcomeOf(error: unknown): Outcome {
  const fault = error as { code?: unknown; responseCode?: unknown }
  const code = typeof fault.code === 'string' ? fault.code : 'EUNKNOWN'
  const reply = typeof fault.responseCode === 'number' ? fault.responseCode : undefined
  const aboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  // Without a reply: no server takes such an address, or so long a text.
  if (aboutMail && reply === undefined) return { state: 'refused', reason: code.toLowerCase() }
  if (aboutMail && reply! >= 500 && !ABOUT_US.has(reply!)) return { state: 'refused', reason: String(reply) }
  return { state: 'later', reason: reply === undefined ? code.toLowerCase() : String(reply), server: !aboutMail }
}
