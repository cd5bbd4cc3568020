import { randomUUID } from 'node:crypto'
import type { Scaled } from '../base/clock.ts'
import type { Place, Vault } from '../database/vault.ts'
import type { Change } from '../events/store.ts'
import { checkAddress, plainSubject } from './addresses.ts'
import type { Mail } from './mailer.ts'
import { insertMail } from './queries.ts'

export const SEND_JOB = 'send-mail'
/** A mail whose job was lost is found again after this. */
const FOUND_AFTER_MS = 120_000

export const recipientPlace = (id: string): Place => ({ table: 'mails', column: 'recipient', rowId: id })
export const contentPlace = (id: string): Place => ({ table: 'mails', column: 'content', rowId: id })

/** Writes the mail, sealed, and the job that sends it, in the caller's change. Throws `validation_failed` for an address that
 *  is not one plain address; a subject is made one line. */
export async function queueMail(deps: { vault: Vault; scaled: Scaled }, tx: Change, mail: Mail): Promise<void> {
  const id = randomUUID()
  const content = { subject: plainSubject(mail.subject), text: plainText(mail.text) }
  await insertMail(tx, {
    id,
    recipient: await deps.vault.seal(tx, recipientPlace(id), checkAddress(mail.to)),
    content: await deps.vault.seal(tx, contentPlace(id), JSON.stringify(content)),
    retryInMs: deps.scaled(FOUND_AFTER_MS),
  })
  tx.job(SEND_JOB, { mailId: id }, { onlyOne: id })
}

/** Line ends as \n, and no other control characters than those and tabs. */
const plainText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
