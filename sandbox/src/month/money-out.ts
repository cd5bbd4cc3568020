import type { Dice } from './dice.ts'
import { iban } from './iban.ts'
import type { Invoice } from './invoices.ts'
import type { Line } from './lines.ts'

const none = (why: string): Line['truth'] => ({ invoiceIds: [], expected: 'none', why })

/** What the company pays: wages, taxes, suppliers, fees, and money back to two clients. */
export function moneyOut(refunded: Invoice[], today: string, dice: Dice): Line[] {
  const pay = (daysAgo: number, amountMinor: bigint, name: string, text: string): Line => ({
    kind: 'money_out',
    daysAgo,
    amountMinor: -amountMinor,
    name,
    iban: iban('DE', dice),
    text,
    truth: none('money out'),
  })
  const wages = ['Ina Thomsen', 'Ole Carstens', 'Priya Raman', 'Jan Mathiesen', 'Wiebke Harms'].map((name, n) => ({
    ...pay(3, 261_500n + BigInt(n) * 18_340n, name, 'Gehalt'),
    kind: 'wages',
  }))
  const refunds = refunded.map((invoice, n) => ({
    ...pay(13 - n * 5, invoice.totalMinor, invoice.person.payerName, `Erstattung ${invoice.number}`),
    kind: 'refund',
    iban: invoice.person.iban,
    truth: none('money back to a client'),
  }))
  return [
    ...wages,
    ...refunds,
    { ...pay(29, 189_000n, 'Speicherhof Immobilien KG', 'Miete Büro Speicherhof 4'), kind: 'rent' },
    { ...pay(28, 412_733n, 'Nordkolo Rechenzentrum GmbH', 'RE 88120 Colocation Rack 14+15'), kind: 'data_centre' },
    { ...pay(14, 96_480n, 'Nordkolo Rechenzentrum GmbH', 'RE 88203 Strom Rack 14+15'), kind: 'data_centre' },
    { ...pay(1, 1_250n, 'Hansa Handelsbank', 'Kontoführung und Buchungsposten'), kind: 'bank_fees' },
    { ...pay(16, 1_500n, 'Hansa Handelsbank', 'Entgelt Auslandsüberweisung'), kind: 'bank_fees' },
    pay(26, 38_912n, 'DENIC Services eG', 'Mitgliederrechnung 2211840'),
    pay(24, 21_980n, 'RIPE NCC', `Invoice ${today.slice(0, 4)} LIR 55120`),
    pay(22, 143_155n, 'Krankenkasse Nord', 'SV-Beiträge BN 24410987'),
    pay(21, 4_590n, 'Fernsprech Nord AG', 'Kundenkonto 4417920031 Rechnung 7731'),
    pay(19, 128_400n, 'Finanzamt Hamburg-Nord', 'USt Vorauszahlung 17/420/01188'),
    pay(19, 87_216n, 'Finanzamt Hamburg-Nord', 'Lohnsteuer 17/420/01188'),
    pay(17, 9_900n, 'Hetzel Versicherungsmakler', 'Beitrag Cyber-Police 90-4412'),
    pay(12, 61_200n, 'Panelwerk Lizenzen B.V.', 'Licence 41 servers'),
    pay(11, 7_900n, 'Postfix & Söhne Druckerei', 'RG 4402 Visitenkarten'),
    pay(9, 15_480n, 'Stadtwerke Hamburg', 'Abschlag Strom Büro'),
    pay(6, 2_790n, 'Kantine am Fleet', 'Bewirtung Sitzung'),
    pay(2, 3_480n, 'Bahnhofsbuchhandlung', 'Kartenzahlung 4471'),
  ]
}

/** Money in that pays no invoice: the company's own savings, a wallet's payout, a supplier's refund, a stray. */
export function otherIncome(owner: string, dice: Dice): Line[] {
  const receive = (
    kind: string,
    daysAgo: number,
    amountMinor: bigint,
    name: string,
    text: string,
    why: string,
  ): Line => ({
    kind,
    daysAgo,
    amountMinor,
    name,
    iban: iban('DE', dice),
    text,
    truth: none(why),
  })
  return [
    receive(
      'wallet_payout',
      18,
      44_021n,
      'PayPal Europe S.a.r.l. et Cie S.C.A',
      `ABBUCHUNG VOM PAYPAL-KONTO ${dice.digits(13)}`,
      'the wallet provider passes on what clients paid there',
    ),
    receive('own_transfer', 15, 500_000n, owner, 'Umbuchung vom Tagesgeldkonto', 'own money from the savings account'),
    receive(
      'supplier_refund',
      10,
      4_590n,
      'Fernsprech Nord AG',
      'Gutschrift Kundenkonto 4417920031',
      'a supplier gives money back',
    ),
    receive(
      'stray',
      9,
      21_763n,
      'Gartenbau Sievers',
      'RE 2208-771 Kunde 90417',
      'number and customer of another company',
    ),
  ]
}
