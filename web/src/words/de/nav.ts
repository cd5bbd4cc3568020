import type { Words } from '../en/index.ts'

export const nav: Words['nav'] = {
  overview: 'Überblick',
  review: 'Prüfen',
  transactions: 'Umsätze',
  invoices: 'Rechnungen',
  clients: 'Kunden',
  payouts: 'Auszahlungen',
  connections: 'Verbindungen',
  webhooks: 'Webhooks',
  keys: 'API-Schlüssel',
  team: 'Team',
  policy: 'Zuordnung',
  alerts: 'Hinweise',
  audit: 'Protokoll',
  tenants: 'Mandanten',
  money: 'Geld',
  set: 'Einstellungen',
}
