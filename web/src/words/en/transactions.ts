/** What is known of a moment in a line's history. */
interface Happened {
  /** That recorded the money in the billing system; empty where its name is not known. */
  gateway: string | undefined
  invoices: readonly string[]
  sure: string
  amount: string
  transid: string
  isSystem: boolean
  before: Record<string, unknown>
  after: Record<string, unknown>
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

export const transactions = {
  title: 'Transactions',
  one: 'Transaction',
  date: 'Date',
  valueDate: 'Value date',
  payer: 'Counterparty',
  client: 'Client',
  clientProposed: 'as proposed, not decided',
  text: 'Text',
  reference: 'Reference',
  account: 'Account',
  amount: 'Amount',
  state: 'State',
  way: 'In or out',
  source: 'Source',
  sources: { bank: 'Bank', file: 'Statement file', stripe: 'Stripe', api: 'API' },
  bankId: 'Id of the bank',
  stripeId: 'Id at Stripe',
  id: 'Id',
  recorded: 'Recorded',
  note: 'Note',
  search: 'Name, text, reference',
  direction: { credit: 'Money in', debit: 'Money out' },
  match: {
    unmatched: 'Open',
    suggested: 'Suggestion',
    matched: 'Matched',
    applied: 'Booked',
    transfer: 'Transfer',
  },
  pending: 'Announced',
  ignored: 'Set aside',
  export: 'Export CSV',
  emptyText: 'Connect a bank or upload a statement, and the money that came in stands here.',
  unknownPayer: 'Unknown',
  line: 'The line',
  pays: (count: number) => (count === 1 ? 'Pays' : `Pays ${count} invoices`),
  invoiceOf: (number: string) => `Invoice ${number}`,
  withheld: 'Why a person is asked',
  leftToKnow: 'What is left to do or know',
  transid: 'Transaction id in the billing system',
  payment: {
    pending: 'To be booked',
    sending: 'Being booked',
    unknown: 'No clear answer yet',
    applied: 'Booked',
    refused: 'Refused',
    quarantined: 'In doubt',
    reversed: 'Taken back',
  },
  surplus: (amount: string) => `${amount} of it are more than the invoice takes and became credit of the client.`,
  fees: (amount: string) => `Stripe kept ${amount} of it.`,
  undo: {
    pending: 'To be taken back.',
    sending: 'Being taken back.',
    unknown: 'Being taken back; no clear answer yet.',
    done: 'Taken back.',
    needs_person: 'Taking it back waits for a person.',
    dropped: 'It was left as it is.',
  },
  decide: 'Decide about it',
  history: 'History',
  earlier: 'Show earlier',
  why: 'Why',
  system: 'Payymo',
  somebody: 'Somebody',
  reverse: 'Take back',
  unignore: 'Look at it again',
  readings: (others: boolean): string => (others ? 'Other possible invoices' : 'Possible invoices'),
  takeThis: 'Take this',
  letGo: 'Let go of it',
  release: 'Not this invoice',
  releaseTitle: 'Let go of the invoice?',
  releaseText: (invoices: readonly string[]) =>
    `Payymo took this line for the payment that stands on ${list(invoices)} in the billing system. After this it no longer does, and looks for an invoice again. Nothing changes in the billing system.`,
  takenBackText: (invoices: readonly string[]) => `The money is free again once ${list(invoices)} no longer holds it.`,
  staysText: 'What stays as it is:',
  did: {
    approved: 'Approved. It is being booked.',
    rejected: 'Rejected. It is not proposed again.',
    ignored: 'Set aside.',
    processed: 'No longer set aside.',
    byHand: 'Booked by hand.',
    released: 'The money is free again. This invoice is not proposed for it any more.',
  },
  verdict: {
    ignored: 'Set aside',
    ignoredText: 'Somebody decided that this line pays no invoice. Nothing is looked for until it is taken up again.',
    pending: 'Announced by the bank',
    pendingText: 'The bank has not booked it yet. Invoices are looked for once it has.',
    transfer: 'Money between your own accounts',
    transferText: 'It pays no invoice.',
    payout: 'A payout of Stripe',
    payoutLink: (amount: string, day: string) => `${amount}, at the bank ${day}: see what it is made of`,
    out: 'Money out',
    outText: 'It pays no invoice.',
    open: 'No invoice found',
    openText: 'Nothing that is open agrees well enough. Find the invoice yourself, or set the line aside.',
    booked: (invoices: readonly string[]) => `Booked on ${list(invoices)}`,
    sending: (invoices: readonly string[]) => `Being booked on ${list(invoices)}`,
    byRule: (percent: string, when: string) => `Payymo was ${percent} sure and booked it by itself, ${when}.`,
    byPerson: (who: string, when: string) => `Approved by ${who}, ${when}.`,
    before: (invoices: readonly string[]) => `Already booked on ${list(invoices)}`,
    beforeText: 'The billing system held this payment already. Payymo recognised it there and books nothing.',
    failed: (invoices: readonly string[]) => `Not booked on ${list(invoices)}`,
    failedText:
      'The billing system refused the payment; why stands below. Put that right there and book again, find another invoice, or let go of it.',
    suggested: (invoices: readonly string[], percent: string) => `Probably ${list(invoices)}, ${percent} sure`,
    suggestedText: 'It waits for a person to decide.',
    reversing: (invoices: readonly string[]) => `Being taken back from ${list(invoices)}`,
    reversingText: 'It is free again once the billing system has confirmed.',
    reversalStuck: (invoices: readonly string[]) => `Not wholly taken back from ${list(invoices)}`,
    reversalStuckText: 'A person must finish it; what is left stands below.',
  },
  /** Own words for what happened, by its action; what is not here is said in the words of the API. */
  happened: {
    'transaction.change': ({ before, after }) =>
      [
        before.status === after.status || typeof after.status !== 'string'
          ? undefined
          : after.status === 'ignored'
            ? 'The line was set aside.'
            : 'The line is looked at again.',
        'note' in after
          ? typeof after.note === 'string'
            ? `Noted: ${after.note}`
            : 'The note was removed.'
          : undefined,
      ]
        .filter((part) => part !== undefined)
        .join(' ') || 'The line was changed.',
    'payment.undo_step': ({ after, amount, invoices }) =>
      after.step === 'money'
        ? `${amount} went out of ${list(invoices)} again, under the id ${String(after.taken_back_as)}.`
        : after.step === 'reopen'
          ? `${list(invoices)} was opened again.`
          : `A step of taking back ${amount} from ${list(invoices)} is done.`,
  } as Record<string, ((about: Happened) => string) | undefined>,
}
