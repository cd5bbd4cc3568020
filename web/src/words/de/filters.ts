import type { Words } from '../en/index.ts'

export const filters: Words['filters'] = {
  filters: 'Filter',
  clear: 'Löschen',
  any: (name) => name,
  from: 'Von',
  to: 'Bis',
  show: 'Anzeigen',
  none: 'Alle',
  since: (day) => `ab ${day}`,
  until: (day) => `bis ${day}`,
  above: (amount) => `ab ${amount}`,
  below: (amount) => `bis ${amount}`,
  noAmount: 'Geben Sie Beträge wie 1250,00 ein',
  spans: { days30: 'Letzte 30 Tage', thisMonth: 'Dieser Monat', lastMonth: 'Letzter Monat' },
}
