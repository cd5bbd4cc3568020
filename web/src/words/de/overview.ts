import type { Words } from '../en/index.ts'

export const overview: Words['overview'] = {
  title: 'Überblick',
  operator: 'Der Betreiber hat kein eigenes Geld zu betrachten. Wählen Sie unten eine Firma.',
  waiting: 'Wartet auf Sie',
  nothingWaits: 'Nichts wartet auf Sie',
  waits: {
    suggested: (count) => (count === 1 ? 'Vorschlag zu entscheiden' : 'Vorschläge zu entscheiden'),
    unmatched: (count) => (count === 1 ? 'Zahlung ohne Rechnung' : 'Zahlungen ohne Rechnung'),
    quarantined: (count) => (count === 1 ? 'zweifelhafte Buchung' : 'zweifelhafte Buchungen'),
    failed: (count) => (count === 1 ? 'abgelehnte Buchung' : 'abgelehnte Buchungen'),
    reversals: (count) => (count === 1 ? 'Buchung zurückzunehmen' : 'Buchungen zurückzunehmen'),
  },
  moneyIn: 'Geldeingang',
  span: 'Gezeigte Tage',
  days: (days) => `Letzte ${days} Tage`,
  currency: 'Währung',
  noMoney: 'In diesen Tagen kam kein Geld. Sobald eine Bank gelesen ist, stehen ihre Tage hier.',
  lines: (count, text) => (count === 1 ? '1 Zahlung' : `${text} Zahlungen`),
  parts: {
    automatic: 'Von Payymo gebucht',
    byHand: 'Von Menschen gebucht',
    underWay: 'Wird gebucht',
    open: 'Offen',
    other: 'Nichts zu buchen',
  },
  plot: 'Geldeingang nach Tagen, und was daraus wurde',
  table: 'Die Tage als Tabelle zeigen',
  day: 'Tag',
  ageing: 'Wie lange Geld schon offen ist',
  ages: {
    days_0_2: 'Bis 2 Tage',
    days_3_7: '3 bis 7 Tage',
    days_8_30: '8 bis 30 Tage',
    days_over_30: 'Mehr als 30 Tage',
  },
  noneOpen: 'Kein Geld ist offen.',
  toReview: 'Prüfen',
  precision: 'Wie oft Payymo richtig lag',
  toMatching: 'Zuordnung',
  noneDecided: 'In diesen Tagen wurde nichts ohne einen Menschen gebucht.',
  decided: (count, text) =>
    count === 1
      ? 'von 1 automatischen Entscheidung hat Bestand'
      : `von ${text} automatischen Entscheidungen haben Bestand`,
  takenBack: (count, text) =>
    count === 0
      ? 'Keine davon wurde zurückgenommen.'
      : count === 1
        ? '1 davon wurde zurückgenommen.'
        : `${text} davon wurden zurückgenommen.`,
  spotChecks: 'Stichproben',
  spotChecksText: 'Diese hat Payymo selbst gebucht, der Zufall hat sie ausgewählt. Stimmen sie?',
  paidFor: (day, invoices) => `${day}, gebucht auf ${invoices}`,
  unknownPayer: 'Unbekannter Zahler',
  checkRight: 'Stimmt',
  checkWrong: 'Falsch …',
  checkedRight: 'Es zählt ab jetzt als Ihre Entscheidung.',
  moreChecks: (count, text) => (count === 1 ? '1 weitere wartet.' : `${text} weitere warten.`),
  connections: 'Verbindungen',
  toConnections: 'Alle',
  health: {
    kinds: { bank: 'Bank', whmcs: 'WHMCS', stripe: 'Stripe' },
    none: 'Noch ist nichts verbunden.',
    read: (when) => `Gelesen ${when}.`,
    notRead: 'Verbunden, wird zum ersten Mal gelesen.',
    consentLeft: (days) => (days === 1 ? 'Zustimmung noch 1 Tag.' : `Zustimmung noch ${days} Tage.`),
    consentEnds: (days, day) =>
      days === 1 ? `Die Zustimmung endet morgen, am ${day}.` : `Die Zustimmung endet in ${days} Tagen, am ${day}.`,
    consentEnded: 'Die Zustimmung ist abgelaufen: Es wird nichts gelesen.',
    consentWaits: 'Bei der Bank wurde noch nicht zugestimmt.',
    off: 'Der regelmäßige Abruf ist ausgeschaltet.',
    file: 'Kontoauszüge werden von Hand hochgeladen.',
    unproven: 'Noch nicht als Ihres nachgewiesen: Bis dahin wird nichts gebucht.',
    proofGone: (fault) => `Der Nachweis, dass es Ihnen gehört, war nicht mehr zu finden: ${fault}`,
    firstReading: 'Rechnungen werden zum ersten Mal gelesen.',
    invoicesRead: (when) => `Rechnungen gelesen ${when}.`,
    stripeWaits: 'Die Verbindung wurde bei Stripe noch nicht erlaubt.',
    missing: (names) => `Dem Schlüssel fehlen Rechte: ${names}.`,
    fault: 'Es antwortet mit einem Fehler.',
    testMode: 'Testmodus',
    finish: 'Fertigstellen',
    renew: 'Erneuern',
    look: 'Ansehen',
    prove: 'Nachweisen',
    upload: 'Hochladen',
  },
}
