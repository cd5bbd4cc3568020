import type { Words } from '../en/index.ts'

export const alerts: Words['alerts'] = {
  title: 'Hinweise',
  open: (count) => (count === 1 ? 'offener Hinweis' : 'offene Hinweise'),
  bell: (count, text) =>
    count === 0 ? 'Hinweise: keiner offen' : count === 1 ? 'Hinweise: 1 offen' : `Hinweise: ${text} offen`,
  state: 'Welche Hinweise',
  states: { open: 'Offen', closed: 'Erledigt' },
  severity: 'Dringlichkeit',
  allSeverities: 'Jede Dringlichkeit',
  severities: { critical: 'Sofort handeln', warning: 'Bald ansehen', info: 'Gut zu wissen' },
  opened: (when) => `Aufgetreten ${when}`,
  closedAt: (when) => `erledigt ${when}`,
  close: 'Erledigt',
  closedNow: 'Erledigt. Tritt es wieder auf, kommt es als neuer Hinweis.',
  none: 'Nichts braucht einen Menschen',
  noneText:
    'Wenn eine Zustimmung endet, eine Buchung zweifelhaft ist oder eine Quelle schweigt, steht es hier, und Inhaber bekommen eine Mail.',
  noneClosed: 'Noch wurde kein Hinweis erledigt',
  adminOnly: 'Nur Inhaber und Administratoren können Hinweise erledigen.',
  ways: {
    connection: 'Zur Verbindung',
    account: 'Zum Konto',
    webhook: 'Zum Webhook',
    transaction: 'Zur Zahlung',
    payout: 'Zur Auszahlung',
    quarantined: 'Entscheiden',
    reversals: 'Entscheiden',
    payment: 'Zur Zahlung',
    match: 'Zur Zahlung',
    audit: 'Zum Protokoll',
    matching: 'Zur Zuordnung',
  },
}
