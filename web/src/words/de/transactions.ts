import type { Words } from '../en/index.ts'

export const transactions: Words['transactions'] = {
  title: 'Umsätze',
  date: 'Datum',
  payer: 'Gegenseite',
  text: 'Text',
  account: 'Konto',
  amount: 'Betrag',
  state: 'Stand',
  search: 'Name, Text, Referenz',
  all: 'Alle',
  direction: { credit: 'Eingang', debit: 'Ausgang' },
  match: {
    unmatched: 'Offen',
    suggested: 'Vorschlag',
    matched: 'Zugeordnet',
    applied: 'Gebucht',
    transfer: 'Umbuchung',
  },
  pending: 'Angekündigt',
  ignored: 'Ignoriert',
  export: 'CSV exportieren',
  emptyText: 'Verbinden Sie eine Bank oder laden Sie einen Auszug hoch, dann steht hier das Geld, das kam.',
  unknownPayer: 'Unbekannt',
}
