import type { Words } from '../en/index.ts'

export const search: Words['search'] = {
  title: 'Alles durchsuchen',
  open: 'Suchen',
  placeholder: 'Zahler, Rechnung, Kunde, Betrag, Auszahlung, Seite',
  kinds: {
    screens: 'Gehe zu',
    transactions: 'Umsätze',
    invoices: 'Rechnungen',
    clients: 'Kunden',
    payouts: 'Auszahlungen',
  },
  keys: 'Pfeiltasten wählen, Enter öffnet, Escape schließt.',
  waiting: 'Suche läuft…',
  none: (typed) => `Nichts passt zu „${typed}“.`,
  failed: 'Die Suche gelang gerade nicht. Tippen Sie weiter, um es noch einmal zu versuchen.',
}
