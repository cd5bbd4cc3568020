import { isInvoiceWord, otherPurposeWords } from './lexicon.ts'
import { words } from './text.ts'

/** What money is for when it pays no invoice: a refund, a tax office's repayment, an insurer's settlement, cash of one's own. */

/** Money that is given back, in the languages of the payers: the verbs and nouns end in many ways, and are compounded freely. */
const backStems =
  /^(?:[A-Z]{0,20}(?:ERSTATTUNG|RUCKZAHL|RUECKZAHL|RUCKVERGUT|RUECKVERGUET|RUCKUBERW|RUECKUEBERW|RUCKLAST|RUECKLAST|RUCKLAUF|RUECKLAUF|RUECKLAEUF|UBERZAHL|UEBERZAHL|GUTSCHRIFTSANZ)|REFUND|REIMBURS|REPAYMENT|OVERPAY|OVERPAID|REMBOURS|DEGREV|RISTOURNE|RIMBORS|STORN[OI]|RESTITU|DEVOLUC|REEMBOLS|REINTEGR|REINTEGRO|TERUGGA|TERUGGAV|TERUGBET|TERUGSTORT|TERUGVORD|ZWROT|NADPLAT|VRATK|VRACEN|PREPLAT|ATERBETAL|TILBAKEBETAL|TILBAGEBETAL|REFUSJON|KREDITNOT|KREDITFAKT|CREDITNOT|CREDITFACT|CREDITMEMO|HYVITY|VISSZATERIT|POVRAT|DOBROPIS|RUCKGABE|RUECKGABE|RETURNED|DOPPELT|DOPPELZAHL|DUPLICAT|DUPLICAD|DUBBEL|DOBBELT|DOPPIO|PODWOJN|DVOJIT|DOUBLON|ANNUL|ANUL[AO]|CANCELL|MAKULER|STORNER|RETUR|RETOUR|RETURNS?$|RMA$|IADE|VISSZA|REBATE|REVERSAL|REKLAMA[CT]|KOMPENS|COMPENSA[CT]|RISTORN|CONGUAGL|VERREKENING|BONIFIK|BONIFICACION|PRISJUST|WARRANTY|ODSTOUP|INDEMNITE|VERGLEICHSZ|[A-Z]{0,12}RUCKSEND|[A-Z]{0,12}RUECKSEND|KULANZ|KORREKT|CORRECTI|KOREKT|RECTIFI|CLAWBACK)/

/** Insurers' settlements, what others pay for trade and rights, and cash. */
const otherStems =
  /^(?:ODSZKOD|LIQUIDAZION|SINISTR|SKADEOPPG|SKADEERSATT|SKADEUTBET|SCHADENREG|SCHADENERS|SCHADEVERG|ERSTATNING|ERSATTNING|INDEMNI|WLASN[AEY]|CONTANTI|CONTANTE|ESPECES|EFECTIVO|KONTANTINS|KONTANTINDB|BARGELD|GOTOWK|HOTOVOST|COMMISSION|COMISION|PROVISION(?:EN)?$|PROVVIGION|PROWIZ|PROVIZ|EARNINGS|ROYALT|DIVIDEND|AUSSCHUTT|AUSSCHUETT|ERLOS|ERLOES|CASHBACK|KICKBACK|BONUS)/

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

/** Who never buys hosting under its own name and pays money back: tax offices and insurers. */
const institutions =
  /^(?:FINANZAMT|FINANZKASSE|HMRC|DGFIP|DDFIP|DRFIP|URSSAF|ENTRATE|SKARBOWY|SKATTEVERK|SKATTEETAT|SKAT|SKATTEST|BELASTINGD|TRIBUTARIA|HACIENDA|KRANKENKASSE|MUTUELLE|[A-Z]{0,20}VERSICHERUNG|INSURANCE|ASSURANCES?|ASSICURAZION|[A-Z]{0,12}FORSIKRING|FORSAKRING|UBEZPIECZE|POJISTOVN|VERZEKERING|SEGUROS)/

const nobody: ReadonlySet<string> = new Set()

/** The word of a folded text that says the money is for something other than an invoice of ours, or null. `names`: words that
 *  are somebody's name there, such as a restaurant's. */
export function otherPurposeIn(text: string, names: ReadonlySet<string> = nobody): string | null {
  const list = words(text)
  for (let at = 0; at < list.length; at += 1) {
    const word = list[at] as string
    if (!(otherPurposeWords.has(word) || (word.length > 3 && (backStems.test(word) || otherStems.test(word))))) continue
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
  words(name).find((word) => institutions.test(word)) ?? null
