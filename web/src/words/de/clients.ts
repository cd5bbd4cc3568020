import type { Words } from '../en/index.ts'

export const clients: Words['clients'] = {
  title: 'Kunden',
  one: 'Kunde',
  name: 'Name',
  company: 'Firma',
  email: 'E-Mail',
  externalId: 'Nummer',
  search: 'Name, Firma, E-Mail',
  sort: 'Nach Name',
  sorts: { company: 'Nach Firma', '-created_at': 'Neueste zuerst' },
  emptyText:
    'Verbinden Sie WHMCS oder senden Sie Rechnungen über die API, dann stehen hier alle, die Rechnungen bekommen.',
  unknown: 'Dieser Kunde hat keine Rechnung',
  unknownText: 'Sie finden ihn in der Liste der Kunden.',
  details: 'Der Kunde',
  payers: 'Früher bezahlt von',
  filter: 'Filtern',
  noInvoices: 'Noch keine Rechnung.',
  money: 'Geld unter diesem Namen',
  noMoney: 'Kein Umsatz trägt diesen Namen.',
}
