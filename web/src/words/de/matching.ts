import type { Words } from '../en/index.ts'

export const matching: Words['matching'] = {
  title: 'Zuordnung',
  readOnly: 'Nur Inhaber und Administratoren können das ändern.',
  modes: {
    label: 'Wie viel Payymo selbst tut',
    now: 'Gilt jetzt',
    switching: 'Wird umgeschaltet …',
    off: { title: 'Aus', text: 'Geld und Rechnungen werden gelesen. Nichts wird verglichen, nichts vorgeschlagen.' },
    shadow: {
      title: 'Zusehen',
      text: 'Payymo entscheidet im Stillen und notiert, was es gebucht hätte. Sie arbeiten wie bisher und vergleichen dann.',
    },
    suggest: {
      title: 'Vorschlagen',
      text: 'Payymo findet die Rechnungen und sagt, warum. Ein Mensch bestätigt jede Zahlung, bevor sie gebucht wird.',
    },
    auto: {
      title: 'Selbst buchen',
      text: 'Was sicher ist und nur eine Antwort hat, wird sofort gebucht. Alles Zweifelhafte wartet auf einen Menschen.',
    },
    switched: {
      off: 'Die Zuordnung ist aus.',
      shadow: 'Payymo sieht zu und bucht nichts.',
      suggest: 'Payymo schlägt vor, Menschen bestätigen.',
      auto: 'Payymo bucht selbst, was sicher ist.',
    },
  },
  preview: {
    title: 'Was jetzt gebucht würde',
    working: 'Alles offene Geld wird durchgesehen …',
    booked: 'Ohne einen Menschen gebucht',
    payments: (count, text) => (count === 1 ? '1 Zahlung' : `${text} Zahlungen`),
    left: 'bleiben bei Menschen',
    before: 'sind schon gebucht',
    nothing: 'ohne Rechnung',
    capped: (count) => `Es ist mehr Geld offen, als ein Blick fasst: Dies sind die ältesten ${count}.`,
    means:
      'Nach dem Einschalten werden sie binnen Minuten im Rechnungssystem gebucht. Jede lässt sich unter „Prüfen“ zurücknehmen.',
    noneNow: 'Im Moment ist nichts sicher genug. Was ab jetzt eingeht, wird gebucht, wenn es das ist.',
    list: 'Würde gebucht',
    leftList: 'Bleibt bei Menschen, und warum',
    listEnd: 'Ende der Liste',
    resultsCapped: 'Nur die ersten 1.000 sind aufgeführt; Zahlen und Summen gelten für alle.',
    sure: (percent) => `${percent} sicher`,
    onto: (number, amount) => `${amount} auf ${number}`,
    switchOn: 'Ab jetzt selbst buchen',
  },
  values: {
    title: 'Grenzen',
    threshold: 'Buchen ab dieser Sicherheit, in Prozent',
    thresholdHint:
      'Die Wahrscheinlichkeit, dass eine Zuordnung stimmt. 99, wenn leer; darunter entscheidet ein Mensch.',
    cap: (currency) => `Größter Betrag ohne einen Menschen, in ${currency}`,
    capHint: 'Was darüber liegt, wartet auf einen Menschen, so sicher es auch ist.',
    noCap: 'Keine Grenze',
    tolerance: (currency) => `Bankgebühr, die fehlen darf, in ${currency}`,
    toleranceHint:
      'So viel weniger als die Rechnung darf ankommen, weil eine Bank unterwegs Gebühren behielt. 5, wenn leer.',
    window: 'Tage zwischen Rechnung und Zahlung',
    windowHint: 'Liegen sie weiter auseinander, werden sie nicht zusammengebracht. 200, wenn leer.',
    startOn: 'Nichts buchen, das älter ist als',
    startOnHint: 'Älteres Geld wartet immer auf einen Menschen. Der Tag des ersten Bankkontos, wenn leer.',
    scorer: 'Woher die Sicherheit kommt',
    scorers: {
      calibrated: {
        label: 'Kalibriert',
        hint: 'Eine an entschiedenen Zahlungen gemessene Wahrscheinlichkeit: 99 % stimmt in 99 von 100 Fällen.',
      },
      rules: {
        label: 'Einfache Regeln',
        hint: 'Punkte für Betrag, Rechnungsnummer und Namen, die jeder von Hand nachrechnen kann. Gebucht wird weniger.',
      },
    },
    wrong: { threshold: 'Muss eine Zahl von 0 bis 100 sein', window: 'Muss eine ganze Zahl von Tagen sein' },
    tryIt: 'Ansehen, was damit gebucht würde',
  },
  shadow: {
    title: 'Was Payymo im letzten Monat gebucht hätte',
    none: 'Noch nichts. Sobald Geld eingeht, steht hier, was Payymo gebucht hätte und was Sie entschieden haben.',
    would: 'wären gebucht worden',
    same: 'von Menschen ebenso entschieden',
    other: 'von Menschen anders entschieden',
    open: 'noch nicht entschieden',
    share: (percent) => `Von dem, was entschieden ist, stimmten Menschen mit ${percent} überein.`,
    others: 'Anders entschieden',
    wouldOnto: (numbers) => `Wäre auf ${numbers} gebucht worden,`,
    butOnto: (numbers) => `ging auf ${numbers}.`,
    outcomes: { same: 'Gleich', other: 'Anders', open: 'Offen' },
  },
  installations: {
    title: 'In WHMCS',
    surplus: {
      leave: 'Was übrig bleibt, bleibt bei der Zahlung.',
      credit: 'Was übrig bleibt, wird Guthaben des Kunden.',
    },
    mails: 'Kunden bekommen die Mail, die eine Zahlung bestätigt.',
    silent: 'Kunden bekommen keine Mail zu einer Zahlung.',
  },
}
