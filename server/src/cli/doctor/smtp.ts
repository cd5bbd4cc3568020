import { checkSmtp } from '../../mail/index.ts'
import { about, type Finding } from './finding.ts'
import type { Settings } from './read-settings.ts'

const BUDGET_MS = 15_000

const NEXT = {
  connect:
    'See that host and port in SMTP_URL are right and that this machine may reach them: many networks close port 25.',
  greeting:
    'See that what answers at this host and port is a mail server; smtps:// belongs to port 465, smtp:// to 587 and 25.',
  tls: 'The server offers no TLS or its certificate does not fit its name. Use the name on the certificate; a password is never sent without TLS.',
  sign_in: 'See that name and password in SMTP_URL are right, and percent-encode what is special in them.',
} as const

/** How far the mail server of the settings lets us; no mail is begun. */
export async function checkMailServer({ config, bad }: Settings): Promise<Finding> {
  const check = about('smtp')
  if (bad.has('SMTP_URL')) return check.skipped('SMTP_URL cannot be read.')
  if (config?.smtpUrl === undefined) return check.skipped('SMTP_URL is not set: mails are files in the outbox.')
  const visit = await checkSmtp({ url: config.smtpUrl, budgetMs: BUDGET_MS })
  if (visit.state === 'failed') {
    const { stage, reason } = visit
    const how = {
      connect: 'cannot be reached',
      greeting: 'does not speak with us',
      tls: 'makes no secure connection',
      sign_in: 'refuses the sign-in',
    }[stage]
    return check.problem(`The mail server ${how} (${reason}).`, NEXT[stage], { stage, code: reason })
  }
  const { tls, signedIn, local } = visit
  const facts = { tls, signed_in: signedIn }
  const found = `The mail server answers, ${tls ? 'with TLS' : 'without TLS'}, ${signedIn ? 'and takes the sign-in' : 'and asks for no sign-in'}.`
  if (!tls && !local)
    return check.warning(
      found,
      'Mails hold links that are as good as passwords: use smtps://, or a server that offers STARTTLS.',
      facts,
    )
  return check.ok(found, facts)
}
