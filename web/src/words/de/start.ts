import type { Words } from '../en/index.ts'

export const start: Words['start'] = {
  title: 'Einrichtung',
  checklist: 'Was Payymo braucht',
  marks: { done: 'Erledigt', failed: 'Fehlgeschlagen', open: 'Zu tun' },
  see: 'Ansehen',
  next: (step) => `Als Nächstes: ${step}`,
  doneOf: (done, all) => `${done} von ${all} erledigt`,
  ready: 'Alles ist eingerichtet: Ab jetzt findet Geld seine Rechnungen.',
  adminOnly: 'Nur Inhaber und Administratoren können das einrichten.',
  keepSuggesting: 'Nur vorschlagen',
  steps: {
    bank: {
      title: 'Eine Bank verbinden',
      open: 'Damit eingegangenes Geld gesehen wird. Kontoauszüge als Datei gehen auch.',
      waiting: 'Die Bank hat die Zustimmung noch nicht bestätigt.',
      done: 'Ihre Umsätze werden gelesen.',
      action: 'Verbinden',
    },
    billing: {
      title: 'WHMCS verbinden',
      open: 'Damit Rechnungen bekannt sind und Zahlungen darauf gebucht werden können. Andere Rechnungssysteme nutzen die API.',
      waiting: 'Als Ihres nachgewiesen. Rechnungen werden zum ersten Mal gelesen.',
      done: 'Rechnungen sind bekannt und bleiben aktuell.',
      action: 'Verbinden',
    },
    policy: {
      title: 'Wählen, wie viel Payymo selbst tut',
      open: 'Bis Sie wählen, schlägt es vor, und Menschen bestätigen.',
      waiting: 'Bis Sie wählen, schlägt es vor, und Menschen bestätigen.',
      done: 'Gewählt. Es lässt sich jederzeit ändern.',
      action: 'Wählen',
    },
    webhook: {
      title: 'Ereignisse an eigene Programme senden',
      open: 'Nicht nötig: für alle, die erfahren wollen, wann eine Rechnung bezahlt ist.',
      waiting: 'Nicht nötig: für alle, die erfahren wollen, wann eine Rechnung bezahlt ist.',
      done: 'Ereignisse werden signiert gesendet und wiederholt, bis sie ankommen.',
      action: 'Webhook anlegen',
    },
  },
  tour: {
    title: 'Ein Gang durch die Sandbox-Firma',
    text: 'Ihre Bank, ihr WHMCS und ihr Stripe sind auf diesem Rechner nachgestellt. Ein Monat ist vergangen; das ist geschehen.',
    booked: {
      title: 'Geld, das seine Rechnung fand',
      text: 'Öffnen Sie eines: der Umsatz der Bank, die Belege, der Aufruf an WHMCS und was zurückgelesen wurde.',
    },
    review: {
      title: 'Was zu zweifelhaft zum Buchen war',
      text: 'Entscheiden Sie nur mit der Tastatur: J und K zum Bewegen, A zum Bestätigen, R zum Ablehnen.',
    },
    before: {
      title: 'Geld, das vor Payymo gebucht wurde',
      text: 'In WHMCS wiedererkannt und nie ein zweites Mal gebucht.',
    },
    payouts: {
      title: 'Eine Auszahlung von Stripe, auf den Cent',
      text: 'Welche Zahlungen darin stecken, welche Gebühren abgingen, und ihr Umsatz bei der Bank.',
    },
    matching: {
      title: 'Wie viel ohne einen Menschen geschieht',
      text: 'Sehen Sie, was gebucht würde, bevor es eingeschaltet wird.',
    },
    webhooks: {
      title: 'Was andere Programme erfahren',
      text: 'Jede Zustellung mit ihren Versuchen; jeder Zeitraum kann erneut gesendet werden.',
    },
    audit: { title: 'Wer was getan hat', text: 'Eintrag an Eintrag gekettet, sodass eine Änderung auffiele.' },
  },
}
