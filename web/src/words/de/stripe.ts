import type { Words } from '../en/index.ts'

const faults: Record<string, string> = {
  access_denied: 'Sie haben bei Stripe abgelehnt. Es wurde nichts verbunden.',
  authorization_expired: 'Innerhalb von zehn Minuten kam niemand von Stripe zurück. Beginnen Sie von vorn.',
  stripe_unreachable: 'Stripe war nicht zu erreichen, es wurde nichts verbunden. Beginnen Sie von vorn.',
  outcome_unknown:
    'Stripe hat nicht gesagt, ob das Konto verbunden wurde. Beginnen Sie von vorn: Es richtet keinen Schaden an.',
  code_refused:
    'Stripe hat abgelehnt, womit es Sie zurückgeschickt hat, vielleicht weil mehr als fünf Minuten vergangen waren. Beginnen Sie von vorn.',
  platform_refused:
    'Stripe hat den Schlüssel dieser Payymo-Installation abgelehnt. Wer sie betreibt, muss ihre Stripe-Einstellungen prüfen.',
  platform_missing:
    'Die Anmeldung bei Stripe ist in dieser Payymo-Installation nicht eingerichtet. Verbinden Sie stattdessen mit einem eingeschränkten Schlüssel.',
  mode_mismatch:
    'Das Konto wurde im anderen Modus (live oder Test) verbunden und wieder losgelassen. Beginnen Sie im richtigen Modus von vorn.',
  scope_mismatch:
    'Das Konto wurde mit anderen Rechten verbunden als erbeten und wieder losgelassen. Beginnen Sie von vorn.',
  revoked: 'Stripe hat den Zugang sofort wieder entzogen. Beginnen Sie von vorn.',
  disconnected: 'Es wurde getrennt, bevor Sie zurückkamen. Beginnen Sie von vorn.',
}

export const stripe: Words['stripe'] = {
  title: 'Stripe',
  none: 'Noch kein Stripe-Konto',
  emptyText:
    'Verbinden Sie Stripe: Auszahlungen auf dem Bankkonto werden Zeile für Zeile erklärt, und Kartenzahlungen finden ihre Rechnungen.',
  states: {
    pending: 'Wartet auf Stripe',
    active: 'Verbunden',
    error: 'Bitte ansehen',
    failed: 'Nicht verbunden',
    disconnected: 'Getrennt',
  },
  faults,
  test: 'Testmodus',
  live: 'Live',
  unnamed: 'Stripe-Konto',
  add: 'Stripe verbinden',
  way: 'Wie verbunden wird',
  ways: { oauth: 'Bei Stripe anmelden', key: 'Mit eingeschränktem Schlüssel' },
  oauthHint:
    'Empfohlen. Sie melden sich bei Stripe an, wählen das Konto und kommen zurück. Ereignisse treffen von selbst ein.',
  keyHint:
    'Sie legen in Stripe einen Schlüssel an, der nur lesen darf. Für Ereignisse tragen Sie danach in Stripe einen Endpunkt ein.',
  go: 'Weiter zu Stripe',
  going: 'Stripe wird geöffnet …',
  goText:
    'Es geht zu Stripe und innerhalb von zehn Minuten hierher zurück. Dann sehen Sie, welches Konto es ist, bevor sonst etwas geschieht.',
  makeKey: 'Schlüssel in Stripe anlegen',
  makeKeySteps: (mode) => [
    `Öffnen Sie in Stripe (${mode}) Entwickler > API-Schlüssel und erstellen Sie einen eingeschränkten Schlüssel.`,
    'Geben Sie diesen Berechtigungen Lesen, alle anderen bleiben auf Keine:',
  ],
  openStripe: 'Diese Seite in Stripe öffnen',
  modes: { live: 'Live-Modus', test: 'Testmodus' },
  required: 'Nötig',
  optional: 'Für Namen von Rechnungen und für Nachrichten aus Zeiten, in denen keine Ereignisse ankamen',
  key: 'Eingeschränkter Schlüssel',
  keyFieldHint: 'Beginnt mit rk_. Er wird verschlüsselt gespeichert und nie wieder gezeigt.',
  name: 'Name',
  nameHint: 'Wie Sie das Konto nennen. Eingeschränkte Schlüssel dürfen seinen Namen bei Stripe nicht lesen.',
  create: 'Verbinden',
  finishing: 'Das Konto wird verbunden …',
  notHere:
    'Dieser Rückweg von Stripe wurde nicht in diesem Browser begonnen, deshalb wurde nichts verbunden. Beginnen Sie hier von vorn.',
  again: 'Von vorn beginnen',
  isIt: (name) => `Verbunden: ${name}. Ist das das richtige Konto?`,
  isItText:
    'Stripe bietet manchmal an, ein zweites, leeres Konto anzulegen. Ist es nicht das, auf das Ihre Kunden zahlen, trennen Sie es und beginnen Sie von vorn.',
  yes: 'Ja, das ist es',
  no: 'Nein, trennen',
  notConnected: 'Das Konto wurde nicht verbunden.',
  account: 'Konto',
  country: 'Land',
  currency: 'Währung',
  mode: 'Modus',
  kind: 'Verbunden durch',
  kinds: { connect_oauth: 'Anmeldung bei Stripe', restricted_key: 'Eingeschränkten Schlüssel' },
  lastSync: 'Zuletzt gelesen',
  nextSync: 'Nächstes Lesen',
  connectedAt: 'Verbunden',
  disconnectedAt: 'Getrennt',
  firstRead: 'Die letzten 30 Tage werden gelesen …',
  missing: (permissions) =>
    `Dem Schlüssel fehlt ${permissions}. Zahlungen werden trotzdem gelesen; Namen von Rechnungen oder späte Nachrichten können fehlen. Ergänzen Sie die Berechtigung am Schlüssel in Stripe.`,
  money: 'Sein Geld',
  payouts: 'Auszahlungen',
  payoutsText: 'Was auf der Bank ankam und woraus es besteht.',
  transactions: 'Umsätze',
  transactionsText: 'Zahlungen, Erstattungen und Gebühren, Zeile für Zeile.',
  events: 'Ereignisse von Stripe',
  eventsOn: 'Stripe meldet, was geschieht; nach Sekunden ist es zu sehen.',
  eventsOff: 'Stripe meldet noch nicht, was geschieht, deshalb wird das Konto stündlich gelesen.',
  eventsSteps: {
    endpoint: 'Endpunkt in Stripe eintragen',
    endpointText: 'Entwickler > Webhooks > Ziel hinzufügen, für Ereignisse Ihres Kontos. Die Adresse:',
    choose: 'Ereignisse wählen',
    chooseText: 'Alle Ereignisse dieser Arten:',
    secret: 'Signaturgeheimnis hier eintragen',
    secretText: 'Stripe zeigt es auf der Seite des Endpunkts.',
  },
  url: 'Adresse des Endpunkts',
  secret: 'Signaturgeheimnis',
  secretHint: 'Beginnt mit whsec_. Es wird verschlüsselt gespeichert und nie wieder gezeigt.',
  secretSave: 'Geheimnis speichern',
  secretSaved: 'Das Geheimnis ist gespeichert. Ereignisse werden ab jetzt angenommen.',
  secretReplace: 'Geheimnis ersetzen',
  secretRemove: 'Keine Ereignisse mehr annehmen',
  secretRemoveText:
    'Das Geheimnis wird vergessen, und was Stripe an die Adresse schickt, wird abgelehnt. Das Konto wird stattdessen stündlich gelesen.',
  secretRemoved: 'Ereignisse werden nicht mehr angenommen.',
  sync: 'Jetzt abrufen',
  changeKey: 'Schlüssel ändern',
  changeKeyText:
    'Ein anderer eingeschränkter Schlüssel desselben Kontos. Er wird ausprobiert, bevor er an die Stelle des jetzigen tritt.',
  keyChanged: 'Der neue Schlüssel ist in Gebrauch.',
  disconnect: 'Trennen',
  disconnectTitle: (name) => `${name} trennen?`,
  disconnectText:
    'Der Zugang endet hier und bei Stripe, und nichts wird mehr gelesen. Auszahlungen, Umsätze und alles damit Gebuchte bleiben. Wieder verbunden geht es weiter, wo es war.',
  disconnectKeyText:
    'Der Schlüssel wird hier vergessen, und nichts wird mehr gelesen. Löschen Sie ihn auch in Stripe. Auszahlungen, Umsätze und alles damit Gebuchte bleiben. Wieder verbunden geht es weiter, wo es war.',
  disconnectDone: 'Das Konto ist getrennt.',
}
