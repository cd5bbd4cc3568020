import type { Words } from '../en/index.ts'

export const connections: Words['connections'] = {
  title: 'Verbindungen',
  ended: (count) => (count === 1 ? '1 beendete' : `${count} beendete`),
  more: 'Mehr anzeigen',
  actions: 'Mehr',
  facts: 'Stand',
  lastRead: (when) => `Gelesen ${when}`,
  neverRead: 'Noch nicht gelesen',
  name: 'Name',
  rename: 'Umbenennen',
  renamed: 'Umbenannt.',
  since: 'Verbunden',
  state: 'Stand',
  steps: { done: 'Erledigt', failed: 'Fehlgeschlagen', open: 'Offen' },
}
