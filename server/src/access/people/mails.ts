import type { Mail } from '../../mail/index.ts'

/** What a mail says about itself. */
export interface MailFacts {
  to: string
  /** Of the tenant, such as `de-AT`. German for German speakers, English for all others. */
  locale: string | undefined
  product: string
}

type Words = Omit<Mail, 'to'>

const inTongue = (facts: MailFacts, english: Words, german: Words): Mail => ({
  to: facts.to,
  ...(/^de\b/i.test(facts.locale ?? '') ? german : english),
})

/** Names come from people: one line, and no address that a mail program would make a link of. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(/:\/\/|www\./gi, ' ')
    .slice(0, 200)

/** `inviter`: the person who invites, if one did. */
export function invitationMail(facts: MailFacts & { tenant: string; inviter?: string; link: string }): Mail {
  const { product, link } = facts
  const tenant = plain(facts.tenant)
  const inviter = facts.inviter === undefined ? undefined : plain(facts.inviter)
  return inTongue(
    facts,
    {
      subject: `You are invited to ${tenant} in ${product}`,
      text: `${inviter ? `${inviter} invites you` : 'You are invited'} to work for ${tenant} in ${product}.\n\nAccept within 7 days:\n${link}\n\nThe link works once. If you did not expect this, do nothing.\n`,
    },
    {
      subject: `Einladung zu ${tenant} in ${product}`,
      text: `${inviter ? `${inviter} lädt Sie ein` : 'Sie sind eingeladen'}, in ${product} für ${tenant} zu arbeiten.\n\nNehmen Sie die Einladung innerhalb von 7 Tagen an:\n${link}\n\nDer Link gilt einmal. Wenn Sie diese Einladung nicht erwartet haben, müssen Sie nichts tun.\n`,
    },
  )
}

export function resetMail(facts: MailFacts & { link: string }): Mail {
  const { product, link } = facts
  return inTongue(
    facts,
    {
      subject: `Choose a new password for ${product}`,
      text: `Somebody, hopefully you, asked for a new password for ${product}.\n\nChoose one within an hour:\n${link}\n\nThe link works once and signs you out everywhere. If it was not you, do nothing: your password stays as it is.\n`,
    },
    {
      subject: `Neues Passwort für ${product}`,
      text: `Jemand, hoffentlich Sie, hat ein neues Passwort für ${product} angefordert.\n\nWählen Sie es innerhalb einer Stunde:\n${link}\n\nDer Link gilt einmal und meldet Sie überall ab. Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.\n`,
    },
  )
}

/** What happened to somebody's way of signing in, told to him in case it was another. */
export type Notice = 'password_changed' | 'second_factor_on' | 'second_factor_off' | 'recovery_code_used'

const NOTICES: Record<Notice, { english: string; german: string }> = {
  password_changed: { english: 'Your password was changed', german: 'Ihr Passwort wurde geändert' },
  second_factor_on: {
    english: 'Signing in now needs a code of your app',
    german: 'Zur Anmeldung wird jetzt ein Code Ihrer App verlangt',
  },
  second_factor_off: {
    english: 'Signing in no longer needs a code of your app',
    german: 'Zur Anmeldung wird kein Code Ihrer App mehr verlangt',
  },
  recovery_code_used: {
    english: 'A recovery code was used to sign in',
    german: 'Zur Anmeldung wurde ein Wiederherstellungscode verwendet',
  },
}

export const isNotice = (text: unknown): text is Notice => typeof text === 'string' && Object.hasOwn(NOTICES, text)

export function noticeMail(facts: MailFacts & { notice: Notice; link: string }): Mail {
  const { product, link } = facts
  const { english, german } = NOTICES[facts.notice]
  return inTongue(
    facts,
    {
      subject: `${english} (${product})`,
      text: `${english}.\n\nIf it was you, there is nothing to do. If not, choose a new password at once and tell the owner of your company's account:\n${link}\n`,
    },
    {
      subject: `${german} (${product})`,
      text: `${german}.\n\nWenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort und sagen Sie es dem Inhaber des Kontos Ihrer Firma:\n${link}\n`,
    },
  )
}
