import { knownWords } from './known-words.ts'
import { isInvoiceWord } from './lexicon.ts'
import { words } from './text.ts'

/** What money is for when it pays no invoice: a refund, a tax office's repayment, an insurer's settlement, cash of one's own. */

/** Credit note, nota di credito, intern transfer: two or three words that only say it together; and "your customer number",
 *  which is what a supplier writes to a customer. */
const phrases =
  /\b(?:CREDIT (?:NOTE|MEMO|INVOICE)|(?:SLA|SERVICE) CREDIT|NOT[AE] (?:DI |DE )?CREDIT[OE]?|NOTE DE CREDIT|MONEY BACK|PRICE ADJUSTMENT|BILLING ERROR|GESTE COMMERCIAL|VIREMENT INTERNE|TROP (?:PERCU|VERSE|PAYE)|INTERNAL TRANSFER|OWN (?:FUNDS|ACCOUNT|TRANSFER)|(?:CASH|DEPOSIT) (?:DEPOSIT|CASH)|EIGENE[NRS]? (?:MITTEL|KONTO|UEBERTRAG|UBERTRAG)|(?:IHRE?|YOUR|VOTRE|VOSTRO|SUO?|UW|WASZ|VAS|ERT|DITT) (?:KUNDENN|KD|CUSTOMER (?:N|ID)|CLIENT (?:N|ID)|ACCOUNT N|NO? CLIENT|NUMERO (?:DE )?CLIENT|CODICE CLIENTE|KLANTN|NR KLIENT|CISLO ZAKAZ|KUNDN|KUNDEN)|(?:UNSERE[RN]?|OUR|NOTRE|NOSTRA|NUESTRA|ONZE|NASZ[AE]J?|NASI|VAAR|VAR) (?:RECHNUNG|INVOICE|FACTUR|FATTURA|FAKTUR))/

/** Words in front of which a credit note or a tax is taken off and interest is put on, beside what is paid: less credit note,
 *  hors TVA, plus interest. */
const without: ReadonlySet<string> = new Set(
  'LESS MINUS WITHOUT EXCL EXCLUDING EX NET OF ABZGL ABZUGL ABZUEGLICH ABZUGLICH OHNE VERRECHNET MOINS HORS SANS DEDUCTION MENO SENZA DETRATTA DETRATTO MENOS SIN DESCONTADO ZONDER EXCLUSIEF POMNIEJSZONE BEZ ODECTENI UTAN UTEN AVDRAG UDEN PLUS ZZGL ZUZUGL ZUZUEGLICH INKL INCL INC INCLUDING AVEC CON WRAZ VC VCETNE MED SAMT'.split(
    ' ',
  ),
)
const takenOff: ReadonlySet<string> = new Set([
  'DEDUIT',
  'DEDUCTED',
  'VERREKEND',
  'ABGEZOGEN',
  'VERRECHNET',
  'DETRATTA',
  'DESCONTADO',
])

/** Rent of what we let: a server, webspace. */
const rents: ReadonlySet<string> = new Set('RENT MIETE LOYER HUUR AFFITTO ALQUILER NAJEM CZYNSZ HYRA LEJE'.split(' '))
const ours = /SERVER|SERWER|SERVIDOR|SERVEUR|HOSTING|WEBSPACE|DOMAIN|\bVPS\b|CLOUD|\bRACK\b/

const nobody: ReadonlySet<string> = new Set()

/** The word of a folded text that says the money is for something other than an invoice of ours, or null. `names`: words that
 *  are somebody's name there, such as a restaurant's. */
export function otherPurposeIn(text: string, names: ReadonlySet<string> = nobody): string | null {
  const known = knownWords(text)
  for (let at = 0; at < known.length; at += 1) {
    if (known[at]?.otherPurpose !== true) continue
    const list = words(text)
    const word = list[at] as string
    if (names.has(word) || (rents.has(word) && ours.test(text))) continue
    // A tax invoice is an invoice.
    if (word === 'TAX' && isInvoiceWord(list[at + 1] ?? '')) continue
    const before = [list[at - 1], list[at - 2]]
    if (before.some((one) => one !== undefined && without.has(one)) || takenOff.has(list[at + 1] ?? '')) continue
    return word
  }
  const phrase = phrases.exec(text)
  if (phrase === null) return null
  const before = words(text.slice(Math.max(0, phrase.index - 40), phrase.index)).slice(-2)
  return before.some((one) => without.has(one)) ? null : phrase[0]
}

/** The word of a payer's folded name that tells an institution which pays no invoices of ours, or null. */
export const institutionIn = (name: string): string | null =>
  knownWords(name).find(({ institution }) => institution)?.text ?? null
