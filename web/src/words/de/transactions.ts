import type { Words } from '../en/index.ts'

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} und ${names.at(-1)}`

const SOURCES: Record<string, string> = {
  bank: 'von der Bank',
  file: 'aus einem Kontoauszug',
  stripe: 'von Stripe',
  api: 'über die API',
}

export const transactions: Words['transactions'] = {
  title: 'Umsätze',
  one: 'Umsatz',
  date: 'Datum',
  valueDate: 'Wertstellung',
  payer: 'Gegenseite',
  client: 'Kunde',
  clientProposed: 'laut Vorschlag, nicht entschieden',
  text: 'Text',
  reference: 'Referenz',
  account: 'Konto',
  amount: 'Betrag',
  state: 'Stand',
  way: 'Ein- oder Ausgang',
  source: 'Quelle',
  sources: { bank: 'Bank', file: 'Auszugsdatei', stripe: 'Stripe', api: 'API' },
  bankId: 'Kennung der Bank',
  stripeId: 'Kennung bei Stripe',
  id: 'Kennung',
  recorded: 'Erfasst',
  note: 'Notiz',
  search: 'Name, Text, Referenz',
  direction: { credit: 'Eingang', debit: 'Ausgang' },
  match: {
    unmatched: 'Offen',
    suggested: 'Vorschlag',
    matched: 'Zugeordnet',
    applied: 'Gebucht',
    transfer: 'Umbuchung',
  },
  pending: 'Angekündigt',
  ignored: 'Beiseitegelegt',
  export: 'CSV exportieren',
  emptyText: 'Verbinden Sie eine Bank oder laden Sie einen Auszug hoch, dann steht hier das Geld, das kam.',
  unknownPayer: 'Unbekannt',
  line: 'Der Umsatz',
  pays: (count) => (count === 1 ? 'Bezahlt' : `Bezahlt ${count} Rechnungen`),
  invoiceOf: (number) => `Rechnung ${number}`,
  withheld: 'Warum ein Mensch gefragt wird',
  leftToKnow: 'Was noch zu tun oder zu wissen ist',
  transid: 'Transaktionsnummer im Rechnungssystem',
  payment: {
    pending: 'Wird gebucht',
    sending: 'Wird gerade gebucht',
    unknown: 'Noch keine klare Antwort',
    applied: 'Gebucht',
    refused: 'Abgelehnt',
    quarantined: 'Zweifelhaft',
    reversed: 'Zurückgenommen',
  },
  surplus: (amount) => `${amount} davon übersteigen die Rechnung und wurden zum Guthaben des Kunden.`,
  fees: (amount) => `Davon hat Stripe ${amount} einbehalten.`,
  undo: {
    pending: 'Wird zurückgenommen.',
    sending: 'Wird gerade zurückgenommen.',
    unknown: 'Wird zurückgenommen; noch keine klare Antwort.',
    done: 'Zurückgenommen.',
    needs_person: 'Die Rücknahme wartet auf einen Menschen.',
    dropped: 'Es bleibt, wie es ist.',
  },
  decide: 'Darüber entscheiden',
  history: 'Verlauf',
  earlier: 'Früheres zeigen',
  why: 'Warum',
  system: 'Payymo',
  somebody: 'Jemand',
  reverse: 'Zurücknehmen',
  unignore: 'Wieder beachten',
  readings: (others) => (others ? 'Andere mögliche Rechnungen' : 'Mögliche Rechnungen'),
  takeThis: 'Diese nehmen',
  letGo: 'Davon lösen',
  release: 'Nicht diese Rechnung',
  releaseTitle: 'Von der Rechnung lösen?',
  releaseText: (invoices) =>
    `Payymo hielt diesen Umsatz für die Zahlung, die im Rechnungssystem auf ${list(invoices)} steht. Danach gilt das nicht mehr, und es wird wieder eine Rechnung gesucht. Im Rechnungssystem ändert sich nichts.`,
  takenBackText: (invoices) => `Das Geld ist wieder frei, sobald es nicht mehr auf ${list(invoices)} steht.`,
  staysText: 'Was so bleibt:',
  did: {
    approved: 'Bestätigt. Es wird gebucht.',
    rejected: 'Abgelehnt. Es wird nicht mehr vorgeschlagen.',
    ignored: 'Beiseitegelegt.',
    processed: 'Nicht mehr beiseitegelegt.',
    byHand: 'Von Hand gebucht.',
    released: 'Das Geld ist wieder frei. Diese Rechnung wird dafür nicht mehr vorgeschlagen.',
  },
  verdict: {
    ignored: 'Beiseitegelegt',
    ignoredText:
      'Jemand hat entschieden, dass dieser Umsatz keine Rechnung bezahlt. Bis auf Weiteres wird nichts gesucht.',
    pending: 'Von der Bank angekündigt',
    pendingText: 'Die Bank hat ihn noch nicht gebucht. Erst dann wird eine Rechnung gesucht.',
    transfer: 'Geld zwischen Ihren eigenen Konten',
    transferText: 'Es bezahlt keine Rechnung.',
    payout: 'Eine Auszahlung von Stripe',
    payoutLink: (amount, day) => `${amount}, bei der Bank ${day}: woraus sie besteht`,
    out: 'Geld ging hinaus',
    outText: 'Es bezahlt keine Rechnung.',
    open: 'Keine Rechnung gefunden',
    openText: 'Nichts Offenes passt gut genug. Suchen Sie die Rechnung selbst, oder legen Sie den Umsatz beiseite.',
    booked: (invoices) => `Gebucht auf ${list(invoices)}`,
    sending: (invoices) => `Wird auf ${list(invoices)} gebucht`,
    byRule: (percent, when) => `Payymo war sich zu ${percent} sicher und hat von selbst gebucht, ${when}.`,
    byPerson: (who, when) => `Bestätigt von ${who}, ${when}.`,
    before: (invoices) => `Schon gebucht auf ${list(invoices)}`,
    beforeText: 'Diese Zahlung stand schon im Rechnungssystem. Payymo hat sie dort erkannt und bucht nichts.',
    failed: (invoices) => `Nicht gebucht auf ${list(invoices)}`,
    failedText:
      'Das Rechnungssystem hat die Zahlung abgelehnt; warum, steht unten. Beheben Sie es dort und buchen Sie erneut, suchen Sie eine andere Rechnung, oder lösen Sie sich davon.',
    suggested: (invoices, percent) => `Wahrscheinlich ${list(invoices)}, ${percent} sicher`,
    suggestedText: 'Ein Mensch muss entscheiden.',
    reversing: (invoices) => `Wird von ${list(invoices)} zurückgenommen`,
    reversingText: 'Der Umsatz ist wieder frei, sobald das Rechnungssystem es bestätigt hat.',
    reversalStuck: (invoices) => `Nicht ganz von ${list(invoices)} zurückgenommen`,
    reversalStuckText: 'Ein Mensch muss es zu Ende bringen; was übrig ist, steht unten.',
  },
  happened: {
    'transaction.create': ({ after }) =>
      `Der Umsatz wurde erfasst (${SOURCES[String(after.source)] ?? 'Quelle nicht notiert'}).`,
    'transaction.transfer': () => 'Es ist Geld zwischen eigenen Konten und bezahlt keine Rechnung.',
    'transaction.release': () => 'Es ist doch keine Umbuchung; Rechnungen werden wieder gesucht.',
    'transaction.update': () => 'Die Bank hat ihre Angaben zu diesem Umsatz geändert.',
    'transaction.change': ({ before, after }) =>
      [
        before.status === after.status || typeof after.status !== 'string'
          ? undefined
          : after.status === 'ignored'
            ? 'Der Umsatz wurde beiseitegelegt.'
            : 'Der Umsatz wird wieder beachtet.',
        'note' in after
          ? typeof after.note === 'string'
            ? `Notiert: ${after.note}`
            : 'Die Notiz wurde entfernt.'
          : undefined,
      ]
        .filter((part) => part !== undefined)
        .join(' ') || 'Der Umsatz wurde geändert.',
    'match.suggest': ({ invoices, sure }) => `Vorgeschlagen für ${list(invoices)}, ${sure} sicher.`,
    'match.create': ({ invoices }) => `Von Hand ${list(invoices)} zugeordnet.`,
    'match.already_booked': ({ invoices, gateway }) =>
      gateway === undefined
        ? `Als Zahlung erkannt, die jemand im Rechnungssystem auf ${list(invoices)} gebucht hat. Payymo bucht nichts.`
        : `Als Zahlung erkannt, die ${gateway === '' ? 'ihr Gateway' : `das Gateway ${gateway}`} im Rechnungssystem auf ${list(invoices)} eingetragen hat. Payymo bucht nichts.`,
    'match.release': ({ invoices }) =>
      `Die Zuordnung zu ${list(invoices)}, von der nichts gebucht wurde, wurde gelöst; das Geld ist wieder frei.`,
    'match.approve': ({ invoices, sure, isSystem }) =>
      isSystem
        ? `Die Zuordnung zu ${list(invoices)} wurde automatisch bestätigt, ${sure} sicher.`
        : `Die Zuordnung zu ${list(invoices)} wurde bestätigt.`,
    'match.confirm': ({ invoices }) => `Die Zuordnung zu ${list(invoices)} wurde angesehen und stimmt.`,
    'match.reject': ({ invoices }) => `Die Zuordnung zu ${list(invoices)} wurde abgelehnt.`,
    'match.supersede': ({ invoices }) => `Der Vorschlag für ${list(invoices)} wich einer anderen Entscheidung.`,
    'match.apply': ({ invoices }) => `Alle Zahlungen auf ${list(invoices)} sind bestätigt.`,
    'match.fail': ({ invoices }) =>
      `Eine Zahlung auf ${list(invoices)} wurde nicht gebucht; die Zuordnung ist gescheitert.`,
    'match.reverse_request': ({ invoices }) => `Die Zahlungen auf ${list(invoices)} sollen zurückgenommen werden.`,
    'match.reverse': ({ invoices }) => `Die Zuordnung zu ${list(invoices)} wurde zurückgenommen.`,
    'payment.request': ({ amount, invoices, transid }) =>
      `Eine Zahlung von ${amount} auf ${list(invoices)} wurde unter der Nummer ${transid} angefordert.`,
    'payment.offer': ({ amount, invoices }) =>
      `Die Zahlung von ${amount} auf ${list(invoices)} wurde dem WHMCS-Modul übergeben.`,
    'payment.apply': ({ amount, invoices, transid }) =>
      `Die Zahlung von ${amount} auf ${list(invoices)} ist unter der Nummer ${transid} gebucht.`,
    'payment.refuse': ({ amount, invoices }) =>
      `Die Zahlung von ${amount} auf ${list(invoices)} wurde vom Rechnungssystem abgelehnt.`,
    'payment.quarantine': ({ amount, invoices }) =>
      `Es ist ungewiss, was aus der Zahlung von ${amount} auf ${list(invoices)} wurde; ein Mensch muss nachsehen.`,
    'payment.lose_sight': ({ amount, invoices }) =>
      `Zur Zahlung von ${amount} auf ${list(invoices)} kam keine klare Antwort; Payymo sieht nach, bevor es etwas tut.`,
    'payment.undo_request': ({ amount, invoices }) =>
      `Die Zahlung von ${amount} auf ${list(invoices)} soll zurückgenommen werden.`,
    'payment.undo_step': ({ after, amount, invoices }) =>
      after.step === 'money'
        ? `${amount} ging unter der Nummer ${String(after.taken_back_as)} wieder von ${list(invoices)} herunter.`
        : after.step === 'reopen'
          ? `${list(invoices)} wurde wieder geöffnet.`
          : `Ein Schritt der Rücknahme von ${amount} auf ${list(invoices)} ist getan.`,
    'payment.reverse': ({ amount, invoices }) =>
      `Die Zahlung von ${amount} auf ${list(invoices)} wurde zurückgenommen.`,
    'payment.undo_stop': ({ amount, invoices }) =>
      `Die Rücknahme der Zahlung von ${amount} auf ${list(invoices)} stockt; ein Mensch muss nachsehen.`,
  },
}
