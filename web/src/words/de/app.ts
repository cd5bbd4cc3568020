import type { Words } from '../en/index.ts'

export const app: Words['app'] = {
  skip: 'Zum Inhalt springen',
  menu: 'Menü',
  close: 'Schließen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  cancel: 'Abbrechen',
  save: 'Speichern',
  saved: 'Gespeichert.',
  undo: 'Rückgängig',
  search: 'Suchen',
  language: 'Sprache',
  account: 'Konto',
  signOut: 'Abmelden',
  theme: { label: 'Darstellung', light: 'Hell', dark: 'Dunkel', system: 'Wie das System' },
  tenant: 'Firma',
  sandbox: 'Sandbox: hier bewegt sich kein echtes Geld',
}
