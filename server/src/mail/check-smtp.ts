import type { Secret } from '../base/secret.ts'
import { openingOf } from './smtp-courier.ts'

/** How far our own mail server lets us. `failed`: at which stage, with an SMTP reply code or a word of ours, never what the
 *  server wrote. `signedIn` is false where the URL holds no name. */
export type SmtpVisit =
  | { state: 'open'; tls: boolean; signedIn: boolean; local: boolean }
  | { state: 'failed'; stage: 'connect' | 'greeting' | 'tls' | 'sign_in'; reason: string }

/** Connects to the server of SMTP_URL, greets, changes to TLS and signs in, each as sending a mail would; then leaves. No mail is
 *  begun. Never throws. */
export function checkSmtp({ url, budgetMs }: { url: Secret; budgetMs: number }): Promise<SmtpVisit> {
  return new Promise((resolve) => {
    const { connection, auth, local } = openingOf(url, budgetMs)()
    let connected = false
    const end = (visit: SmtpVisit) => {
      clearTimeout(budget)
      if (visit.state === 'open') connection.quit()
      else connection.close()
      resolve(visit)
    }
    const fail = (error: unknown) => end({ state: 'failed', ...failureOf(error, connected) })
    const budget = setTimeout(() => fail({ code: 'ETIMEDOUT', command: 'CONN' }), budgetMs)
    const open = (signedIn: boolean) => end({ state: 'open', tls: connection.secure, signedIn, local })
    connection.on('error', fail)
    connection.connect((error) => {
      if (error) return fail(error)
      connected = true
      if (auth)
        connection.login({ user: auth.user, credentials: auth }, (failure) => (failure ? fail(failure) : open(true)))
      else open(false)
    })
  })
}

function failureOf(
  error: unknown,
  connected: boolean,
): { stage: 'connect' | 'greeting' | 'tls' | 'sign_in'; reason: string } {
  const fault = error as {
    code?: unknown
    responseCode?: unknown
    errno?: unknown
    syscall?: unknown
    command?: unknown
  }
  const code = typeof fault.code === 'string' ? fault.code : 'EUNKNOWN'
  const reason = typeof fault.responseCode === 'number' ? String(fault.responseCode) : code.toLowerCase()
  if (connected) return { stage: 'sign_in', reason }
  // A certificate that does not fit arrives as a plain socket error, with the word of the TLS library in its message alone.
  if (code === 'ETLS' || fault.command === 'STARTTLS' || /certificate|self.signed|SSL|TLS/i.test(messageOf(error)))
    return { stage: 'tls', reason }
  return { stage: code === 'EPROTOCOL' || typeof fault.responseCode === 'number' ? 'greeting' : 'connect', reason }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '')
