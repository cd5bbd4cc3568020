import { addDays, label } from './matching-habits-facts.ts'
import type { World } from './matching-habits-world.ts'
import type { Habit } from './matching-habits-common.ts'

/** Lines that pay no invoice. Their digits and amounts are an open invoice's more often than chance would have it. */

type Phrase = readonly [payer: string, text: string]

/** `{n}`: a number of the other side, `{k}`: our customer number with them, `{d}`: a date, `{p}`: a person. */
const refunds: readonly Phrase[] = [
  ['Netzwerk Distribution AG', 'Gutschrift zu unserer Rechnung {n}, Ihre Kundennr. {k}'],
  ['Serverhaus Leasing GmbH', 'Erstattung Rechnung {n} Kd {k}'],
  ['Bürobedarf Lindner', 'Storno Re {n} Rückzahlung'],
  ['Voltora Energie', 'Guthaben Abrechnung {n} Vertragskonto {k}'],
  ['Datacenter Supplies Ltd', 'Refund invoice {n} account {k}'],
  ['Northgate Hardware', 'CREDIT NOTE {n}'],
  ['Fibre & Cable Co', 'overpayment returned inv {n}'],
  ['Équipements Réseau SAS', 'AVOIR FACTURE {n} CLIENT {k}'],
  ['Imprimerie Valmont', 'Remboursement fact {n}'],
  ['Forniture Ufficio Srl', 'Nota di credito {n} cliente {k}'],
  ['Hardware Hurtownia Sp. z o.o.', 'Zwrot nadpłaty FV {n} klient {k}'],
  ['Kancelářské potřeby s.r.o.', 'vrácení přeplatku faktura {n}'],
  ['Kontorsvaruhuset AB', 'Kreditfaktura {n} kundnr {k}'],
  ['Datautstyr Grossist AS', 'Tilbakebetaling faktura {n}'],
  ['Kantoorpartner BV', 'Creditnota {n} klantnummer {k}'],
  ['Suministros Iberia SL', 'Abono factura {n} devolución'],
  ['Tonerprofi', 'Rückgabe Ihrer Zahlung zu Rechnung {n}'],
  ['Cloud Parts Inc', 'returned payment invoice {n} wrong account'],
  ['Kabelwerk Ost', 'doppelt bezahlt RE {n} zurück'],
  ['Office Direct', 'duplicate payment inv {n}'],
  ['Papeterie Centrale', 'trop perçu facture {n}'],
  ['Telefonia Nuova', 'doppio pagamento fattura {n}'],
  ['Elektro Hurt', 'podwójna płatność FV {n}'],
  ['Nätverksgrossisten', 'dubbelbetalning faktura {n}'],
]

/** The same of other countries, and in other words. */
const refundsAbroad: readonly Phrase[] = [
  ['Toimistotarvike Oy', 'hyvitys laskusta {n}'],
  ['Irodaszer Kft', 'visszautalás {n} számla'],
  ['Papelaria Central Lda', 'reembolso fatura {n}'],
  ['Birotica SRL', 'retur factura {n} storno'],
  ['Kontorland A/S', 'retur faktura {n} kundenr {k}'],
  ['Ofis Malzeme AS', 'iade fatura {n}'],
  ['Biuroplus', 'korekta faktury {n} zwrot środków'],
  ['Uredski Servis doo', 'povrat uplate račun {n}'],
  ['Rackspace Supplies', 'RMA {n} credit'],
  ['Cable World', 'goods returned order {n} refund'],
  ['Dell Retouren', 'Warenrücksendung {n}'],
  ['Lieferant Krause', 'Korrektur zu Ihrer Zahlung RE {n}'],
  ['Lieferant Maier', 'Guthaben aus Re {n}'],
  ['Softwarehaus Nord', 'Kulanz Rechnung {n}'],
  ['Telco Services', 'SLA credit invoice {n}'],
  ['Stromnetz Süd', 'Bonus Jahresrechnung {n}'],
  ['Fournisseur Dupont', 'annulation facture {n}'],
  ['Fournisseur Martin', 'retour marchandise facture {n}'],
  ['Fornitore Rossi', 'storno fattura {n}'],
  ['Fornitore Bianchi', 'restituzione somma fattura {n}'],
  ['Leverancier Jansen', 'correctie factuur {n} retour'],
  ['Dodavatel Novotný', 'storno faktury {n}'],
  ['Dostawca Kowal', 'anulowanie faktury {n}'],
  ['Leverantör Berg', 'makulerad faktura {n} åter'],
  ['Proveedor Gomez', 'anulación factura {n}'],
  ['Ads Network Ltd', 'publisher earnings {n}'],
  ['Affiliate Hub', 'commission statement {n}'],
  ['Domain Registry eG', 'Rückvergütung Domains {n}'],
  ['VG Musik', 'Ausschüttung {n}'],
  ['Auktionshaus Bär', 'Erlös Los {n}'],
  ['Hardware Kontor', 'Rückläufer Überweisung {n}'],
  ['Hardware Kontor', 'Vergleichszahlung {n}'],
  ['Parts Direct', 'money back {n}'],
  ['Parts Direct', 'price adjustment invoice {n}'],
  ['Energy North', 'rebate ref {n}'],
  ['Energy North', 'billing error invoice {n}'],
  ['Screen House', 'warranty settlement {n}'],
  ['Screen House', 'reversal inv {n}'],
  ['Livraison Express', 'indemnité retard facture {n}'],
  ['Livraison Express', 'geste commercial facture {n}'],
  ['Energia Nuova', 'conguaglio fattura {n}'],
  ['Energia Nuova', 'ristorno {n}'],
  ['Stroom Plus', 'verrekening factuur {n}'],
  ['Hurt Nord', 'bonifikata {n}'],
  ['Velkoobchod', 'odstoupení od smlouvy faktura {n}'],
  ['Velkoobchod', 'reklamace faktury {n}'],
  ['Grossisten', 'reklamation faktura {n}'],
  ['Grossisten', 'prisjustering faktura {n}'],
  ['Mayorista', 'bonificación factura {n}'],
  ['Mayorista', 'compensación factura {n}'],
]

const insurance: readonly Phrase[] = [
  ['Nordwest Versicherung', 'Schaden {n} Regulierung'],
  ['Brightwater Insurance', 'claim {n} settlement'],
  ['Mutuelle Horizon', 'Remboursement sinistre {n}'],
  ['Krankenkasse Mitte', 'Erstattung U2 Betriebsnr {n}'],
  ['Assicurazioni Lariane', 'Liquidazione sinistro {n}'],
  ['Forsikringshuset', 'Skadeoppgjør {n}'],
  ['TU Bezpieczna', 'Odszkodowanie szkoda {n}'],
]

const tax: readonly Phrase[] = [
  ['Finanzamt Nordheim', 'USt {n} Erstattung St.Nr. {k}'],
  ['HMRC', 'VAT REPAYMENT {n}'],
  ['DRFIP', 'REMBOURSEMENT CREDIT TVA {n}'],
  ['Agenzia delle Entrate', 'RIMBORSO IVA {n}'],
  ['Urząd Skarbowy', 'ZWROT VAT {n}'],
  ['Finanční úřad', 'vratka DPH {n}'],
  ['Skatteverket', 'Skattekonto återbetalning {n}'],
  ['Belastingdienst', 'Teruggaaf OB {n}'],
  ['IRS TREAS 310', 'TAX REF {n}'],
  ['Stadtkasse', 'Gewerbesteuer Erstattung Kassenzeichen {n}'],
]

const payouts: readonly Phrase[] = [
  ['STRIPE PAYMENTS EUROPE', 'STRIPE {n}'],
  ['SumUp Limited', 'SUMUP PID {n} PAYOUT'],
  ['Mollie B.V.', 'Settlement {n} uitbetaling'],
  ['PayPal (Europe) S.a r.l.', 'Abbuchung vom PayPal-Konto {n}'],
  ['GoCardless Ltd', 'GOCARDLESS REF {n}'],
  ['Concardis GmbH', 'KARTENUMSATZ VU-NR {n}'],
  ['Elavon', 'MERCHANT DEPOSIT {n}'],
  ['Square Inc', 'SQ DEP {n}'],
  ['Shift4', 'BATCH {n} SETTLEMENT'],
  ['Amazon Payments', 'Marketplace settlement {n}'],
  ['eBay S.a.r.l.', 'Auszahlung {n}'],
  ['Etsy Payments', 'Disbursement {n}'],
  ['PayU', 'WYPLATA {n}'],
  ['Comgate', 'vyuctovani {n}'],
  ['Bambora', 'Utbetalning {n}'],
  ['Viva Wallet', 'Payout {n}'],
]

const bank: readonly Phrase[] = [
  ['', 'Zinsen {n}'],
  ['', 'Habenzinsen per {d}'],
  ['', 'Bareinzahlung Automat {n}'],
  ['', 'CASH DEPOSIT {n}'],
  ['', 'INTEREST PAID {d}'],
  ['', 'INTERETS CREDITEURS {d}'],
  ['', 'VERSEMENT ESPECES {n}'],
  ['', 'Versamento contanti {n}'],
  ['', 'WPLATA WLASNA {n}'],
  ['', 'Kapitalizace úroků {d}'],
  ['', 'Uttagsautomat kontantinsättning {n}'],
  ['', 'Rücklastschrift storniert {n}'],
  ['', 'Umbuchung Festgeld {n}'],
  ['', 'FROM SAVINGS {n}'],
  ['', 'Virement interne {n}'],
  ['', 'giroconto {n}'],
  ['Kreditbank', 'Auszahlung Darlehen {n}'],
  ['Funding Partners', 'loan drawdown {n}'],
  ['Förderbank', 'Zuschuss Bescheid {n}'],
  ['Leasing Invest', 'Restwert Vertrag {n}'],
]

const people: readonly Phrase[] = [
  ['{p}', 'Miete {d} Stellplatz'],
  ['{p}', 'Spende Vereinsfest'],
  ['{p}', 'Kaution Wohnung'],
  ['{p}', 'Gesellschafterdarlehen'],
  ['{p}', 'Einlage {d}'],
  ['{p}', 'rent garage'],
  ['{p}', 'donation sports club'],
  ['{p}', 'loan from shareholder'],
  ['{p}', 'loyer parking'],
  ['{p}', 'apport associé'],
  ['{p}', 'affitto box auto'],
  ['{p}', 'finanziamento soci'],
  ['{p}', 'czynsz garaż'],
  ['{p}', 'nájem garáž'],
  ['{p}', 'hyra garage'],
  ['{p}', 'husleie parkering'],
  ['{p}', 'huur parkeerplaats'],
  ['{p}', 'Verkauf alter Laptop'],
  ['{p}', 'bought your old desk'],
  ['{p}', 'Geburtstag Oma'],
  ['{p}', 'Rückzahlung Vorschuss Reisekosten'],
  ['{p}', 'expenses paid back'],
]

/** Numbers of things that are not invoices, in words of other trades. */
const others: readonly Phrase[] = [
  ['{p}', 'Artikel {n}'],
  ['{p}', 'Zähler {n} Endabrechnung'],
  ['{p}', 'Buchung {n} Ferienhaus'],
  ['{p}', 'Mitgliedsnr. {n}'],
  ['{p}', 'Los {n} Auktion'],
  ['{p}', 'Kennzeichen HN-{n}'],
  ['{p}', 'booking {n}'],
  ['{p}', 'parcel {n} lost'],
  ['{p}', 'membership {n}'],
  ['{p}', 'raffle ticket {n}'],
  ['{p}', 'réservation {n}'],
  ['{p}', 'colis {n}'],
  ['{p}', 'adhérent {n}'],
  ['{p}', 'prenotazione {n}'],
  ['{p}', 'pratica {n}'],
  ['{p}', 'rezerwacja {n}'],
  ['{p}', 'przesyłka {n}'],
  ['{p}', 'rezervace {n}'],
  ['{p}', 'zásilka {n}'],
  ['{p}', 'bokning {n}'],
  ['{p}', 'ärende {n}'],
  ['{p}', 'sak {n}'],
  ['{p}', 'reservering {n}'],
  ['{p}', 'pakket {n}'],
  ['{p}', 'reserva {n}'],
  ['Paketdienst Nord', 'Sendung {n} Haftung'],
  ['Amtsgericht Nordheim', 'Aktenzeichen {n}'],
  ['Hausverwaltung Elbe', 'Objekt {n} WE 12'],
  ['Reisebüro Sonnenschein', 'Vorgang {n}'],
  ['Autohaus Tappert', 'Fahrgestell {n}'],
]

/** Our digits inside of longer ones. */
const within: readonly Phrase[] = [
  ['{p}', 'Tel. 0170 {n}22'],
  ['{p}', '+49 30 1{n}7'],
  ['{p}', 'Ref 4{n}9981'],
  ['{p}', 'IBAN DE89 3704 0044 {n}'],
  ['{p}', 'TRX00{n}887A'],
  ['{p}', '{n}4471 {n}0012'],
  ['{p}', 'order 77-{n}-0091'],
  ['Handelshaus Nord', 'RE 88{n}'],
  ['Fibre & Cable Co', 'inv {n}7'],
]

const outgoing: readonly Phrase[] = [
  ['{p}', 'Gehalt {d}'],
  ['{p}', 'wages {d}'],
  ['{p}', 'salaire {d}'],
  ['Immobilien Verwaltung', 'Miete Büro {d}'],
  ['Datacenter Supplies Ltd', 'invoice {n} account {k}'],
  ['Finanzamt', 'USt Vorauszahlung {n}'],
  ['Kreditbank', 'Darlehensrate {n}'],
  ['Nordwest Versicherung', 'Beitrag Police {n}'],
  ['', 'Rücklastschrift {n}'],
  ['Mastercard dispute', 'chargeback {n}'],
]

interface Options {
  /** The digits of an open invoice or a client where a number stands. */
  digits: boolean
  /** The amount of an open invoice; with `digits` the same one's. */
  amount: boolean
  direction?: 'debit'
}

function write(world: World, phrases: readonly Phrase[], why: string, { digits, amount, direction }: Options): void {
  const [payerPattern, pattern] = world.pick(phrases)
  const invoice = digits ? (world.take() ?? world.any()) : world.any()
  const person = world.person()
  const date = world.payday(invoice)
  const number = digits ? label(invoice) : world.digits(5 + world.below(6))
  // Only a supplier numbers invoices as we do, letters and all.
  const bare =
    (phrases !== refunds && phrases !== refundsAbroad) || world.chance(0.3) ? number.replace(/\D/g, '') : number
  const fill = (text: string): string =>
    text
      .replaceAll('{n}', bare)
      .replace('{k}', digits && world.chance(0.3) ? invoice.client.id : world.digits(5))
      .replace('{d}', `${date.slice(5, 7)}/${date.slice(0, 4)}`)
      .replace('{p}', `${person.first} ${person.last}`)
  world.line({
    pays: [],
    expected: 'none',
    why,
    amountMinor: amount ? invoice.balanceMinor : world.freshAmount(500, 90_000),
    currency: invoice.currency,
    date,
    payer: fill(payerPattern),
    account: world.chance(0.7) ? world.account() : null,
    text: fill(pattern),
    ...(direction === undefined ? {} : { direction }),
  })
}

const kinds: readonly (readonly [name: string, phrases: readonly Phrase[]])[] = [
  ['refund of a supplier', refunds],
  ['refund in other words', refundsAbroad],
  ['insurance', insurance],
  ['tax office', tax],
  ['payout', payouts],
  ["bank's own", bank],
  ['number of something else', others],
  ['our digits within others', within],
]

export const nothingHabits: readonly Habit[] = [
  ...kinds.flatMap(([name, phrases]): Habit[] => [
    [
      `${name}, own digits`,
      13,
      (world) => write(world, phrases, 'pays nothing', { digits: false, amount: world.chance(0.5) }),
    ],
    [
      `hostile: ${name}, our digits`,
      13,
      (world) => write(world, phrases, 'pays nothing', { digits: true, amount: false }),
    ],
    [
      `hostile: ${name}, our digits and amount`,
      13,
      (world) => write(world, phrases, 'pays nothing', { digits: true, amount: true }),
    ],
  ]),
  [
    'person, another purpose',
    13,
    (world) => write(world, people, 'pays nothing', { digits: false, amount: world.chance(0.6) }),
  ],
  [
    'outgoing',
    13,
    (world) =>
      write(world, outgoing, 'debit', { digits: world.chance(0.5), amount: world.chance(0.5), direction: 'debit' }),
  ],
  [
    "client's namesake or the client, another purpose",
    13,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const purposes = people.map(([, text]) => text).filter((text) => !text.includes('{d}'))
      world.pay(invoice, {
        pays: [],
        payer: invoice.client.name,
        text: world.pick(purposes),
        amountMinor: world.freshAmount(),
        expected: 'none',
        why: 'another purpose',
      })
    },
  ],
  [
    'supplier that is a client refunds',
    13,
    (world) => {
      const invoice = world.takeClear(({ client }) => client.company !== '')
      if (!invoice) return
      const [, pattern] = world.pick(refunds)
      world.pay(invoice, {
        pays: [],
        payer: invoice.client.company,
        text: pattern.replace('{n}', world.digits(6)).replace('{k}', world.digits(5)),
        amountMinor: world.chance(0.5) ? invoice.balanceMinor : world.freshAmount(),
        expected: 'none',
        why: 'refund of their own invoice',
      })
    },
  ],
  [
    'client without anything open pays again',
    12,
    (world) => {
      const like = world.any()
      const { first, last } = world.person()
      const client = world.client(`${first} ${last}`)
      const date = addDays(like.date, -3)
      const paid = world.invoice(client, {
        amountMinor: like.balanceMinor,
        currency: like.currency,
        date,
        description: like.items[0]?.description ?? '',
        status: 'paid',
      })
      world.pay(paid, {
        pays: [],
        amountMinor: paid.totalMinor,
        date: addDays(date, 9),
        payer: client.name,
        text: label(paid),
        expected: 'none',
        why: 'client has nothing open',
      })
    },
  ],
]
