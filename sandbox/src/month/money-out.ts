import type { Dice } from './dice.ts'
import { iban } from './iban.ts'
import type { Line } from './month.ts'

const none = (why: string): Line['truth'] => ({ invoiceIds: [], expected: 'none', why })

/** What the company pays, and money in that pays no invoice: a card processor's payouts, its own savings, a refund. */
export function moneyOut(dice: Dice): Line[] {
  const pay = (daysAgo: number, amountMinor: number, name: string, text: string): Line => ({
    kind: 'money_out',
    daysAgo,
    amountMinor: -amountMinor,
    name,
    iban: iban('DE', dice),
    text,
    truth: none('money out'),
  })
  const wages = ['Ina Thomsen', 'Ole Carstens', 'Priya Raman', 'Jan Mathiesen'].map((name, n) =>
    pay(3, 261_500 + n * 18_340, name, 'Gehalt'),
  )
  const outgoing = [
    pay(29, 189_000, 'Speicherhof Immobilien KG', 'Miete Büro Speicherhof 4'),
    pay(28, 412_733, 'Nordkolo Rechenzentrum GmbH', 'RE 88120 Colocation Rack 14+15'),
    pay(26, 38_912, 'DENIC Services eG', 'Mitgliederrechnung 2211840'),
    pay(24, 21_980, 'RIPE NCC', 'Invoice 2026 LIR 55120'),
    pay(21, 4_590, 'Deutsche Telekom', 'Kundenkonto 4417920031 Rechnung 7731'),
    pay(19, 128_400, 'Finanzamt Hamburg-Nord', 'USt Vorauszahlung 17/420/01188'),
    pay(17, 9_900, 'Hetzel Versicherungsmakler', 'Beitrag Cyber-Police 90-4412'),
    pay(12, 61_200, 'cPanel L.L.C.', 'Licence 41 servers'),
    pay(9, 15_480, 'Stadtwerke Hamburg', 'Abschlag Strom Büro'),
    pay(6, 2_790, 'Kantine am Fleet', 'Bewirtung 12.'),
    pay(1, 1_250, 'Hansa Handelsbank', 'Kontoführung und Buchungsposten'),
  ]
  const income: Line[] = [
    ...[27, 20, 13, 6].map(
      (daysAgo, n): Line => ({
        kind: 'card_payout',
        daysAgo,
        amountMinor: 118_244 + n * 9_713,
        name: 'STRIPE PAYMENTS EUROPE LIMITED',
        iban: iban('FR', dice),
        text: `STRIPE PAYOUT po_${dice.digits(10)}`,
        truth: none('payout of the card processor: the net of many charges'),
      }),
    ),
    {
      kind: 'own_transfer',
      daysAgo: 15,
      amountMinor: 500_000,
      name: 'Fjordlicht Hosting GmbH',
      iban: iban('DE', dice),
      text: 'Umbuchung vom Tagesgeldkonto',
      truth: none('own money from the savings account'),
    },
    {
      kind: 'supplier_refund',
      daysAgo: 10,
      amountMinor: 4_590,
      name: 'Deutsche Telekom',
      iban: iban('DE', dice),
      text: 'Gutschrift Kundenkonto 4417920031',
      truth: none('a supplier gives money back'),
    },
  ]
  return [...wages, ...outgoing, ...income]
}
