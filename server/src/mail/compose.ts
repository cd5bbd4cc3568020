import MailComposer from 'nodemailer/lib/mail-composer'
import type { Sender } from './addresses.ts'
import { toHtml } from './to-html.ts'

/** A mail ready to go: who speaks to whom, and the bytes of RFC 5322. */
export interface Message {
  /** Names the mail for ever; the file of the outbox and the Message-ID are made from it. */
  id: string
  queuedAt: Date
  from: string
  to: string
  bytes: Buffer
}

/** Writes the mail as plain text with an HTML alternative. Message-ID and date follow from the row, so that a mail sent twice
 *  (the worker died before it could write that it was sent) is known as one by the reader's program. */
export async function compose(mail: {
  id: string
  queuedAt: Date
  from: Sender
  to: string
  subject: string
  text: string
}): Promise<Message> {
  const { id, queuedAt, from, to, subject, text } = mail
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const bytes = await new MailComposer({
    from,
    // As an object, so that it is never read as a list of several.
    to: { name: '', address: to },
    subject,
    text,
    html: toHtml(text, from.name),
    date: queuedAt,
    messageId: `<${id}@${domain}>`,
    // RFC 3834: nobody's absence note answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    textEncoding: 'quoted-printable',
    baseBoundary: id,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
  return { id, queuedAt, from: from.address, to, bytes }
}
