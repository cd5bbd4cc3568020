import type { Message } from './compose.ts'

/** What became of one try. `refused`: the receiving side said no for good. `later`: not taken now, perhaps the next time;
 *  `server`: the fault is between us and our own mail server, not with this mail. `reason`: an SMTP reply code or a word of
 *  ours, never what the server wrote. */
export type Outcome =
  | { state: 'sent' }
  | { state: 'refused'; reason: string }
  | { state: 'later'; reason: string; server: boolean }

/** How mails leave: over SMTP, or into the folder of the outbox. Expected failures are outcomes; bounded in time. */
export interface Courier {
  send(message: Message): Promise<Outcome>
}
