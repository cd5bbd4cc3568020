import type { Words } from '../en/index.ts'

const tage = (count: number) => (count === 1 ? '1 Tag' : `${count} Tage`)

export const review: Words['review'] = {
  title: 'Prüfen',
  views: {
    suggested: 'Vorschläge',
    unmatched: 'Ohne Rechnung',
    failed: 'Abgelehnt',
    quarantined: 'Zweifelhaft',
    reversals: 'Rücknahmen',
  },
  view: 'Was wartet',
  sort: 'Reihenfolge',
  sorts: { confidence: 'Sicherste zuerst', amount: 'Größte zuerst', age: 'Älteste zuerst' },
  queue: 'Warteschlange',
  place: (at, of) => `${at} von ${of}`,
  empty: {
    suggested: {
      title: 'Nichts wartet auf Sie',
      text: 'Jeder Vorschlag ist entschieden. Neue erscheinen hier von selbst.',
    },
    unmatched: {
      title: 'Kein offenes Geld',
      text: 'Jede eingegangene Zahlung hat ihre Rechnung oder wurde beiseitegelegt.',
    },
    failed: {
      title: 'Keine Buchung wurde abgelehnt',
      text: 'Was WHMCS nicht bucht, steht hier mit dessen Begründung.',
    },
    quarantined: {
      title: 'Keine Zahlung ist zweifelhaft',
      text: 'Eine Zahlung, von der sich nicht sagen lässt, ob sie in WHMCS steht, wartet hier auf Sie.',
    },
    reversals: {
      title: 'Nichts ist von Hand zurückzunehmen',
      text: 'Was WHMCS nicht zurücknimmt, steht hier mit dem, was noch zu tun ist.',
    },
  },
  sure: (percent) => `${percent} sicher`,
  another: 'Nicht die beste',
  byHandShort: 'von Hand',
  byPerson: 'Von Hand zusammengestellt',
  line: 'Bank',
  invoice: 'Rechnung',
  invoiceOf: (number) => `Rechnung ${number}`,
  invoices: (count) => `${count} Rechnungen`,
  noInvoice: 'Keine Rechnung passt',
  noInvoiceText:
    'Nichts Offenes stimmt mit dieser Zahlung überein. Suchen Sie die Rechnung selbst, oder legen Sie die Zahlung beiseite.',
  facts: {
    amount: 'Betrag',
    date: 'Datum',
    name: 'Name',
    text: 'Text',
    number: 'Nummer',
    account: 'Konto',
    client: 'Kunde',
    for: 'Für',
    note: 'Notiz',
  },
  open: 'offen',
  of: (total) => `von ${total}`,
  gets: (amount) => `bekommt ${amount}`,
  issued: (day) => `vom ${day}`,
  due: (day) => `fällig ${day}`,
  noDue: 'ohne Fälligkeit',
  severalClients: 'Mehrere Kunden',
  noName: 'Kein Name angegeben',
  noText: 'Kein Text angegeben',
  marks: {
    equal: 'Stimmt überein',
    near: 'Stimmt fast überein',
    differs: 'Stimmt nicht überein',
    unknown: 'Nichts zu vergleichen',
  },
  differs: {
    less: (amount) => `${amount} weniger als offen`,
    more: (amount) => `${amount} mehr als offen`,
    currency: 'Andere Währung',
    same: 'am Tag der Fälligkeit',
    before_due: (count) => `${tage(count)} vor der Fälligkeit`,
    after_due: (count) => `${tage(count)} nach der Fälligkeit`,
    before_issue: (count) => `${tage(count)} vor der Rechnung`,
    nearly: 'Fast die Nummer im Text',
    another: 'Im Text steht eine andere Nummer',
    absent: 'Keine Nummer im Text',
  },
  evidence: 'Belege',
  evidenceHint:
    'Was dafür spricht, reicht nach rechts, was dagegen spricht, nach links. Zusammen ergibt es die Sicherheit.',
  for: 'dafür',
  against: 'dagegen',
  together: 'Zusammen',
  points: (sum) => `${sum} Punkte`,
  why: 'Warum Sie gefragt werden',
  whyPolicy: {
    suggest: 'Nach Ihrer Einstellung entscheidet jede Zuordnung ein Mensch.',
    shadow: 'Payymo sieht zurzeit nur zu: Jede Zuordnung entscheidet ein Mensch.',
    below: (threshold) => `Weniger sicher als die ${threshold}, ab denen Payymo von selbst bucht.`,
    none: 'Payymo schlägt das nicht von selbst vor. Vielleicht wurde es schon einmal abgelehnt oder zurückgenommen.',
    person: 'Jemand hat sie zusammengestellt, ohne sie zu buchen.',
  },
  others: 'Mögliche Rechnungen',
  noOthers: 'Keine andere offene Rechnung passt.',
  ruledOut: 'Ausgeschlossen',
  moreRuledOut: (count) => `und ${count} weitere`,
  status: {
    draft: 'Entwurf',
    unpaid: 'Unbezahlt',
    payment_pending: 'Zahlung läuft',
    paid: 'Bezahlt',
    cancelled: 'Storniert',
    refunded: 'Erstattet',
    collections: 'Inkasso',
  },
  act: {
    approve: 'Bestätigen',
    again: 'Noch einmal buchen',
    reject: 'Ablehnen',
    release: 'Davon lösen',
    split: 'Aufteilen',
    search: 'Suchen',
    ignore: 'Weglegen',
    note: 'Notiz',
    undo: 'Rückgängig',
    help: 'Tasten',
    next: 'Nächste',
    before: 'Vorige',
    more: 'Mehr',
    goOn: 'Weiter',
    doIt: 'So machen',
    back: 'Zurück zum Vorschlag',
  },
  did: {
    approve: (title) => `Bestätigt: ${title}`,
    byHand: (title) => `Von Hand gebucht: ${title}`,
    reject: (title) => `Abgelehnt: ${title}`,
    release: (title) => `Gelöst und neu zugeordnet: ${title}`,
    ignore: (title) => `Beiseitegelegt: ${title}`,
    resolve: (title) => `Geklärt: ${title}`,
  },
  failed: 'Das kam zurück',
  cameBack: (title, fault) => `${title} kam zurück: ${fault}`,
  changed:
    'Der Vorschlag hat sich geändert, während Sie ihn ansahen. Sehen Sie noch einmal hin: Das nächste a bestätigt, was jetzt gezeigt wird.',
  late: (title) => `Jemand anderes war schneller: ${title}`,
  show: 'Zeigen',
  currencies: (from, to) =>
    `Das Geld ist in ${from}, die Rechnung in ${to}. Über Währungen hinweg bucht Payymo nicht: Buchen Sie in WHMCS, und legen Sie die Zahlung dann hier beiseite.`,
  nothingToApprove: 'Hier gibt es nichts zu bestätigen. Suchen Sie zuerst die Rechnung.',
  nothingToReject: 'Hier gibt es keinen Vorschlag, der abzulehnen wäre.',
  mayNot:
    'Mit Ihrer Rolle dürfen Sie zusehen, aber nicht entscheiden. Bitten Sie einen Inhaber oder Admin um die Rolle Prüfer.',
  gone: {
    approved: (who) => `${who} hat das gerade bestätigt.`,
    rejected: (who) => `${who} hat das gerade abgelehnt.`,
    ignored: 'Diese Zahlung wurde gerade beiseitegelegt.',
    other: 'Das wurde gerade entschieden oder zurückgezogen.',
    text: 'Hier ist nichts mehr zu tun. Mit einer beliebigen Entscheidungstaste oder Enter geht es weiter.',
    key: 'Ein API-Schlüssel',
    system: 'Payymo',
    somebody: 'Jemand',
  },
  hand: {
    searchTitle: 'Rechnung suchen',
    splitTitle: 'Auf Rechnungen aufteilen',
    search: 'Nummer, Kunde oder Betrag',
    hint: 'Pfeiltasten wählen, Enter übernimmt. Mit leerem Feld bucht Enter.',
    none: 'Keine offene Rechnung passt dazu.',
    start: 'Geben Sie Nummer, Kunde oder Betrag ein.',
    sameAmount: (amount) => `Offene Rechnungen über ${amount}`,
    chosen: 'Bezahlt',
    nothingChosen: 'Noch keine Rechnung gewählt.',
    amountFor: (number) => `Betrag für Rechnung ${number}`,
    remove: (number) => `Rechnung ${number} herausnehmen`,
    take: (number) => `Rechnung ${number} übernehmen`,
    left: 'Rest der Zahlung',
    over: (amount) => `${amount} mehr, als die Zahlung hat`,
    staysText: 'Der Rest bleibt auf der Zahlung; er wird nirgends gebucht.',
    badAmount: 'Geben Sie einen Betrag über null ein',
    aboveOpen: (amount) => `Offen sind nur ${amount}`,
    book: (amount) => `${amount} buchen`,
    otherCurrency: 'Andere Währung',
  },
  note: {
    title: 'Notiz zur Zahlung',
    label: 'Notiz',
    hint: 'Alle in der Firma können sie lesen.',
    saved: 'Notiz gespeichert.',
  },
  sureAll: {
    button: 'Alle sicheren',
    title: 'Alle sicheren bestätigen',
    threshold: 'Ab dieser Sicherheit',
    none: 'So sicher ist kein Vorschlag.',
    will: (count, sums) =>
      count === 1
        ? `1 Zuordnung über ${sums} wird bestätigt und gebucht.`
        : `${count} Zuordnungen über zusammen ${sums} werden bestätigt und gebucht.`,
    heldBack: (count) =>
      count === 1
        ? '1 weitere ist ebenso sicher, hat aber einen Vorbehalt: Sehen Sie sie selbst an.'
        : `${count} weitere sind ebenso sicher, haben aber einen Vorbehalt: Sehen Sie sie selbst an.`,
    capped: 'Die ersten 1.000; für die übrigen wiederholen Sie es.',
    approve: (count) => (count === 1 ? '1 Zuordnung bestätigen' : `${count} Zuordnungen bestätigen`),
    done: (count) => (count === 1 ? '1 Zuordnung bestätigt.' : `${count} Zuordnungen bestätigt.`),
    failed: (count) => (count === 1 ? '1 konnte nicht bestätigt werden' : `${count} konnten nicht bestätigt werden`),
  },
  undo: {
    none: 'Nichts rückgängig zu machen: Seit diese Seite offen ist, haben Sie nichts entschieden.',
    ignored: (title) => `Wieder aufgenommen: ${title}`,
    rejected: (title) => `Wieder vorgeschlagen: ${title}`,
    resolved:
      'Was Sie über eine zweifelhafte Zahlung gesagt haben, lässt sich hier nicht rückgängig machen. Sehen Sie die Zahlung in WHMCS an.',
    released: 'Die Zahlung wurde von der Rechnung gelöst. Ordnen Sie beide von Hand wieder zu, wenn das falsch war.',
    title: 'Buchung zurücknehmen?',
    text: (title) =>
      `Die Zahlung wird wieder von ihrer Rechnung genommen, und die Rechnung ist offen wie zuvor: ${title}.`,
    stays: 'Was sich nicht zurücknehmen lässt:',
    staysList: [
      'Mails, die WHMCS über die Zahlung verschickt hat, werden nicht zurückgeholt.',
      'Dienste und Domains, die eingerichtet, verlängert oder entsperrt wurden, bleiben, wie sie sind.',
      'Guthaben, das der Kunde schon verbraucht hat, bleibt verbraucht.',
    ],
    staysApi: 'Was Sie oder Ihre Programme taten, weil die Rechnung bezahlt war, bleibt, wie es ist.',
    confirm: 'Zurücknehmen',
    waiting: 'Die Buchung ist noch auf dem Weg zu WHMCS. Sobald sie dort steht, wird sie zurückgenommen …',
    notBooked: 'Sie wurde doch nicht gebucht, also ist nichts zurückzunehmen. Sie wartet unter „Abgelehnt“.',
    late: 'Die Buchung ist noch immer nicht bestätigt. Versuchen Sie es später, oder sehen Sie unter „Zweifelhaft“ nach.',
    under: 'Wird zurückgenommen',
    done: 'Zurückgenommen',
  },
  doubt: {
    title: 'Die Buchung ist zweifelhaft',
    reversal: 'Nicht ganz zurückgenommen',
    left: 'Noch zu tun',
    reference: 'Transaktions-ID in WHMCS',
    attempts: 'Gesendet',
    times: (count) => (count === 0 ? 'noch nicht' : count === 1 ? 'einmal' : `${count}-mal`),
    choose: 'Was stimmt?',
    quarantined: {
      applied: {
        title: 'Sie ist gebucht',
        text: 'Die Zahlung steht schon in WHMCS. Sie gilt als gebucht und wird nicht noch einmal gesendet.',
      },
      first: 'Senden',
      retry: {
        title: 'Noch einmal senden',
        text: 'Sie steht nicht in WHMCS. Payymo sieht noch einmal nach und sendet sie dann.',
      },
      drop: {
        title: 'Nicht senden',
        text: 'Sie wird nicht gesendet. Die Zuordnung ist gescheitert, das Geld ist wieder frei.',
      },
    },
    reversals: {
      applied: {
        title: 'Sie ist zurückgenommen',
        text: 'Der Rest ist getan, von wem auch immer. WHMCS wird nicht angefasst.',
      },
      retry: {
        title: 'Noch einmal versuchen',
        text: 'Payymo sieht noch einmal nach und macht dort weiter, wo es stehen blieb.',
      },
      drop: { title: 'Stehen lassen', text: 'Die Zahlung bleibt in WHMCS gebucht.' },
    },
  },
  refused: 'WHMCS hat nicht gebucht',
  keys: {
    title: 'Tasten',
    on: 'Einzelne Tasten lösen etwas aus',
    onHint: 'Schalten Sie das ab, wenn Sie diktieren oder Tasten versehentlich gedrückt werden.',
    groups: { move: 'Bewegen', decide: 'Entscheiden', other: 'Weiteres' },
    list: {
      move: [
        ['j', 'Nächste'],
        ['k', 'Vorige'],
        ['1–9', 'Eine andere Rechnung wählen'],
        ['Esc', 'Zurück zum Vorschlag'],
      ],
      decide: [
        ['a', 'Bestätigen, was gezeigt wird'],
        ['r', 'Den Vorschlag ablehnen'],
        ['m', 'Eine Rechnung von Hand suchen'],
        ['s', 'Auf mehrere Rechnungen aufteilen'],
        ['i', 'Die Zahlung beiseitelegen'],
        ['u', 'Die letzte Entscheidung rückgängig machen'],
      ],
      other: [
        ['n', 'Eine Notiz schreiben'],
        ['Enter', 'Weiter, wo jemand anderes entschieden hat'],
        ['?', 'Diese Liste'],
      ],
    },
  },
  sentences: {
    'The chance of any open invoice, before looking.':
      'Die Wahrscheinlichkeit irgendeiner offenen Rechnung, vor jedem Blick.',
    'The amount is exactly what is open.': 'Der Betrag ist genau der offene.',
    'The amount is exactly the sum of what is open on these invoices.':
      'Der Betrag ist genau die Summe des Offenen dieser Rechnungen.',
    "The text prints the invoice's amount in the invoice's currency.":
      'Im Text steht der Betrag der Rechnung in ihrer Währung.',
    'The amount is a few cents off what is open.': 'Der Betrag liegt wenige Cent neben dem offenen.',
    'The amount is within one per cent of what is open.': 'Der Betrag liegt innerhalb eines Prozents des offenen.',
    'The amount is short by no more than a bank fee.': 'Am Betrag fehlt nicht mehr als ein Bankentgelt.',
    'More came than is open.': 'Es kam mehr, als offen ist.',
    'Less came than is open.': 'Es kam weniger, als offen ist.',
    "The money is in another currency than the invoice, and no amount in the invoice's is printed.":
      'Das Geld ist in anderer Währung als die Rechnung, und kein Betrag in deren Währung steht im Text.',
    'This payer has paid for the client before.': 'Von hier wurde schon einmal für den Kunden bezahlt.',
    "The payer bears the client's name.": 'Der Zahler trägt den Namen des Kunden.',
    "The payer's name agrees with the client's in part.":
      'Der Name des Zahlers stimmt zum Teil mit dem des Kunden überein.',
    "The description bears the client's name.": 'Im Text steht der Name des Kunden.',
    'The text gives the customer number.': 'Im Text steht die Kundennummer.',
    "The text names the client's domain.": 'Im Text steht die Domain des Kunden.',
    'The text names the invoice.': 'Im Text steht die Rechnungsnummer.',
    'The payer is known as another client.': 'Der Zahler ist als ein anderer Kunde bekannt.',
    'The text names this domain.': 'Im Text steht diese Domain.',
    'The text names another domain.': 'Im Text steht eine andere Domain.',
    'The text names this service.': 'Im Text steht dieser Dienst.',
    'The text names another service.': 'Im Text steht ein anderer Dienst.',
    'The text names this period.': 'Im Text steht dieser Zeitraum.',
    'The text names another period.': 'Im Text steht ein anderer Zeitraum.',
    'The text names this number, but for a slip of the pen.':
      'Im Text steht diese Nummer, bis auf einen Schreibfehler.',
    'The text names another number, but for a slip of the pen.':
      'Im Text steht eine andere Nummer, bis auf einen Schreibfehler.',
    'An equal invoice of the same service comes first: it is older, or the text names its month.':
      'Eine gleiche Rechnung desselben Dienstes geht vor: Sie ist älter, oder im Text steht ihr Monat.',
    'It is the sum of everything the client owes.': 'Es ist die Summe von allem, was der Kunde schuldet.',
    'The money came before the invoice.': 'Das Geld kam vor der Rechnung.',
    'The invoice was due long before.': 'Die Rechnung war lange vorher fällig.',
    'Other open invoices have this amount.': 'Andere offene Rechnungen haben denselben Betrag.',
    'The payer is a collecting account.': 'Der Zahler ist ein Sammelkonto.',
    'Other invoices fit as well.': 'Andere Rechnungen passen ebenso.',
    'The money is in another currency than the invoice.': 'Das Geld ist in anderer Währung als die Rechnung.',
    'The invoice is with collections or a payment is under way.':
      'Die Rechnung ist im Inkasso, oder eine Zahlung läuft.',
    'The amount is larger than what is applied without a person.':
      'Der Betrag ist größer als das, was ohne einen Menschen gebucht wird.',
    'The money is older than the day Payymo began.': 'Das Geld ist älter als der Tag, an dem Payymo begann.',
    'Another amount than is open needs the invoice to be named.':
      'Weicht der Betrag vom offenen ab, muss die Rechnung im Text genannt sein.',
    'Nothing but the amount points to the invoice.': 'Nur der Betrag deutet auf die Rechnung.',
    'The money came before the invoice and names no service.': 'Das Geld kam vor der Rechnung und nennt keinen Dienst.',
    'A collective invoice and its parts would both be paid.':
      'Eine Sammelrechnung und ihre Teile würden beide bezahlt.',
    'Another reading is nearly as good.': 'Eine andere Lesart ist fast ebenso gut.',
    'The client owes this amount more than once, and the text speaks of the latest.':
      'Der Kunde schuldet diesen Betrag mehrmals, und der Text spricht von der letzten Rechnung.',
    'The client owes this amount more than once, and the text may name the month of another.':
      'Der Kunde schuldet diesen Betrag mehrmals, und der Text nennt vielleicht den Monat einer anderen Rechnung.',
    'The text names the time of another open invoice of the client.':
      'Der Text nennt die Zeit einer anderen offenen Rechnung des Kunden.',
    'The text or the payer speaks of other money, and the payer is not known.':
      'Der Text oder der Zahler spricht von anderem Geld, und der Zahler ist nicht bekannt.',
    'The money is less than the invoices owe together, and nothing says which stays open.':
      'Das Geld ist weniger, als auf den Rechnungen zusammen offen ist, und nichts sagt, welche offen bleibt.',
    'The client has so many open invoices that not every sum of them could be tried.':
      'Der Kunde hat so viele offene Rechnungen, dass nicht jede Summe von ihnen geprüft werden konnte.',
    'The client owes this amount so often that only the oldest of the invoices were weighed.':
      'Der Kunde schuldet diesen Betrag so oft, dass nur die ältesten dieser Rechnungen abgewogen wurden.',
    'The line points to so many clients that only the likeliest were weighed.':
      'Die Zahlung deutet auf so viele Kunden, dass nur die wahrscheinlichsten abgewogen wurden.',
    'Nothing but the amount could point to an invoice, and many owe just that.':
      'Nur der Betrag könnte auf eine Rechnung deuten, und auf vielen ist genau er offen.',
    'The number stands among others, and nothing says that it is an invoice.':
      'Die Nummer steht zwischen anderen, und nichts sagt, dass sie eine Rechnung meint.',
    'Letters stand for digits of the number, and the payer is not known.':
      'In der Nummer stehen Buchstaben statt Ziffern, und der Zahler ist nicht bekannt.',
    'The text cannot be read with certainty, and the payer is not known.':
      'Der Text ist nicht sicher zu lesen, und der Zahler ist nicht bekannt.',
    'The client owes this amount more than once, and the text may say for which it is.':
      'Der Kunde schuldet diesen Betrag mehrmals, und der Text sagt vielleicht, wofür das Geld ist.',
    'The text cannot be read with certainty, and other invoices may be meant.':
      'Der Text ist nicht sicher zu lesen, und andere Rechnungen können gemeint sein.',
    'The text cannot be read with certainty, and other clients bear the name.':
      'Der Text ist nicht sicher zu lesen, und andere Kunden heißen ebenso.',
    'The payer is two people, and more clients than one bear such a name.':
      'Es zahlen zwei Personen, und mehrere Kunden heißen so.',
    'The text gives the customer number of another client.': 'Im Text steht die Kundennummer eines anderen Kunden.',
    'Nothing but the amount points to it.': 'Nur der Betrag deutet darauf.',
    'What is left over is just what other invoices of the client come to.':
      'Der Rest ist genau das, was auf anderen Rechnungen des Kunden offen ist.',
    'Another line may pay the same invoice.': 'Eine andere Zahlung kann dieselbe Rechnung meinen.',
    'So many lines want the same invoices that they are not weighed together.':
      'So viele Zahlungen passen zu denselben Rechnungen, dass sie nicht gegeneinander abgewogen werden.',
    'A person refused another proposal for this transaction.':
      'Ein Mensch hat zu dieser Zahlung schon einen anderen Vorschlag abgelehnt.',
    'It may be the same transaction as another.': 'Sie könnte dieselbe Zahlung wie eine andere sein.',
    "The client's e-mail address stands in the text.": 'Im Text steht die E-Mail-Adresse des Kunden.',
    'The billing system does not show this card payment; its gateway may still record it.':
      'In WHMCS steht diese Kartenzahlung nicht; vielleicht trägt sie das Zahlungsmodul noch ein.',
    'It reads like a payout of Stripe: then it is made of payments that pay their invoices themselves.':
      'Es sieht nach einer Auszahlung von Stripe aus: Dann besteht sie aus Zahlungen, die ihre Rechnungen schon selbst bezahlen.',
    'A person said once before that this payer pays for the client.':
      'Schon einmal hat jemand gesagt, dass von hier für den Kunden bezahlt wird.',
    'This payer has paid for the client once before.': 'Von hier wurde schon einmal für den Kunden bezahlt.',
    'This payer has paid for the client, and for others.':
      'Von hier wurde schon für den Kunden bezahlt, aber auch für andere.',
    'This payer pays for the client, and for others.': 'Von hier wird für den Kunden bezahlt, und für andere.',
    "The description bears part of the client's name.": 'Im Text steht ein Teil vom Namen des Kunden.',
    'The text names an invoice of the client that takes no money any more.':
      'Im Text steht eine Rechnung des Kunden, die kein Geld mehr aufnimmt.',
    'The number stands in pieces.': 'Die Nummer steht zerteilt im Text.',
    'The number may be a year.': 'Die Nummer könnte eine Jahreszahl sein.',
    'The text names the others, too.': 'Im Text stehen auch die anderen.',
    'Not every invoice is named.': 'Nicht jede Rechnung ist genannt.',
    'A named invoice may be paid with another amount.':
      'Eine genannte Rechnung darf auch mit anderem Betrag bezahlt werden.',
    'The text names another open invoice of the client.': 'Im Text steht eine andere offene Rechnung des Kunden.',
    'The text gives a number of an invoice that is none of these.':
      'Im Text steht die Nummer einer Rechnung, die nicht dabei ist.',
    'The line points to another client.': 'Die Zahlung deutet auf einen anderen Kunden.',
    "This payer's money was refused for the client before.":
      'Geld von hier wurde für den Kunden schon einmal abgelehnt.',
    'Other clients bear the name.': 'Andere Kunden tragen denselben Namen.',
    'Other clients bear the name in the text.': 'Den Namen im Text tragen auch andere Kunden.',
    'A number in the text is one slip away.': 'Eine Nummer im Text weicht um einen Schreibfehler ab.',
    'Another amount than is open is for a person.': 'Weicht der Betrag vom offenen ab, entscheidet ein Mensch.',
    "The text begins as the invoice's memo does.": 'Der Text beginnt wie der Vermerk der Rechnung.',
    'The amount is near what is open.': 'Der Betrag liegt nahe am offenen.',
    'So many days lie between the invoice and the money.': 'So viele Tage liegen zwischen Rechnung und Geld.',
    'The chance of any invoice before looking, and what else fits the line or the invoice.':
      'Die Wahrscheinlichkeit irgendeiner Rechnung, vor jedem Blick, und was sonst zur Zahlung oder zur Rechnung passt.',
    'Adjusted by experience: how often findings as strong as these were right.':
      'Nach Erfahrung berichtigt: wie oft so starke Hinweise recht hatten.',
    'Another amount than is open needs the invoice to be named and the payer to be known.':
      'Weicht der Betrag vom offenen ab, muss die Rechnung im Text genannt und der Zahler bekannt sein.',
    "A person refused this payer's money for the client.": 'Ein Mensch hat Geld von hier für den Kunden abgelehnt.',
    'Only part of a name, or a name that others bear, points to the client.':
      'Nur ein Teil eines Namens, oder ein Name, den auch andere tragen, deutet auf den Kunden.',
  },
  patterns: [
    [/^Invoice (.+) is paid\.$/, 'Rechnung $1 ist bezahlt.'],
    [/^Invoice (.+) was cancelled\.$/, 'Rechnung $1 wurde storniert.'],
    [/^Invoice (.+) was refunded\.$/, 'Rechnung $1 wurde erstattet.'],
    [/^Invoice (.+) is a draft\.$/, 'Rechnung $1 ist ein Entwurf.'],
    [/^Invoice (.+) has nothing open\.$/, 'Auf Rechnung $1 ist nichts offen.'],
    [/^Invoice (.+) was paid by a line of (\S+)\.$/, 'Rechnung $1 wurde durch eine Zahlung vom $2 bezahlt.'],
    [
      /^Invoice (.+) was paid by another line of (\S+)\.$/,
      'Rechnung $1 wurde durch eine andere Zahlung vom $2 bezahlt.',
    ],
    [/^Invoice (.+) was paid on (\S+)\.$/, 'Rechnung $1 wurde am $2 bezahlt.'],
    [
      /^The billing system holds an equal payment on invoice (.+), of (\S+)\.$/,
      'In WHMCS steht auf Rechnung $1 schon eine gleiche Zahlung vom $2.',
    ],
    [
      /^(.+) of this charge were refunded or are disputed\.$/,
      '$1 dieser Zahlung wurden erstattet oder werden bestritten.',
    ],
    [/^The text says (.+)\.$/, 'Im Text steht: $1.'],
    [/^Chosen by (.+)\.$/, 'Gewählt von $1.'],
    [
      /^(.+) are more than the invoice takes; they stay unallocated on the transaction(?:, .+)?\.$/,
      '$1 mehr, als die Rechnung aufnimmt; sie bleiben auf der Zahlung.',
    ],
    [
      /^(.+) are more than the invoices take; they stay unallocated on the transaction(?:, .+)?\.$/,
      '$1 mehr, als die Rechnungen aufnehmen; sie bleiben auf der Zahlung.',
    ],
    [
      /^(.+) are more than the invoices? takes?; they become credit of the client in WHMCS\.$/,
      '$1 mehr, als die Rechnungen aufnehmen; sie werden Guthaben des Kunden in WHMCS.',
    ],
  ],
}
