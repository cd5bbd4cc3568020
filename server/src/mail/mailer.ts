import type { Change } from '../events/store.ts'

/** A mail to one person. `text` is the whole message in plain words; links stand in it in full. */
export interface Mail {
  to: string
  subject: string
  text: string
}

/** Queues mails in the caller's change: rolled back, it is never sent. Content is kept sealed until it is sent. */
export interface Mailer {
  queue(tx: Change, mail: Mail): Promise<void>
}
