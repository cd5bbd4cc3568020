import type { Words } from '../en/index.ts'

export const states: Words['states'] = {
  failed: 'Das konnte nicht geladen werden',
  failedText:
    'Unterwegs ging etwas schief. Versuchen Sie es noch einmal; bleibt es so, nennen Sie uns die Nummer unten.',
  offline: 'Der Server ist nicht erreichbar',
  offlineText: 'Prüfen Sie die Verbindung. Was Sie eingegeben haben, bleibt erhalten.',
  again: 'Noch einmal',
  loading: 'Wird geladen',
  none: 'Noch nichts da',
  noneFound: 'Zu diesen Filtern passt nichts',
  clear: 'Filter löschen',
  more: 'Mehr wird geladen',
  news: (count, more) => `${count}${more ? '+' : ''} neue`,
  rows: (count, capped) => (count === '1' ? '1 Zeile' : `${count}${capped ? '+' : ''} Zeilen`),
}
