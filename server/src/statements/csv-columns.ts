import anyAscii from 'any-ascii'
import { isCurrency } from '../base/money.ts'

/** What a column of a bank's CSV can hold. `amount` is signed or has a marker column; `credit` and `debit` come as a pair. */
export type Role =
  | 'date'
  | 'value_date'
  | 'amount'
  | 'credit'
  | 'debit'
  | 'balance'
  | 'fee'
  | 'currency'
  | 'account'
  | 'name'
  | 'iban'
  | 'description'
  | 'reference'
  | 'status'

/** Header names as banks print them, best first, in the form `plainName` gives: small ASCII letters, single blanks, no
 *  currency. A name may stand under several roles; the values of the column decide. Languages: en de nl fr es it pt pl cs sv
 *  da no fi hu ro. Collected from export files of banks and from the header lists of open-source importers. */
const NAMES: Record<Role, string> = {
  date: `buchungstag; buchungsdatum; booking date; booked on; date booked; posting date; posted date; date posted; post date;
    booked; buchung; boekdatum; boekingsdatum; date de comptabilisation; date comptable; fecha contable; f contable;
    data contabile; data registrazione; data ksiegowania; bokforingsdag; bokforingsdatum; bokford; bokfort; bokforingsdato;
    bogforingsdato; bogfort; kirjauspaiva; kirjauspvm; datum zauctovani; datum uctovani; zauctovano; konyveles datuma;
    konyvelesi datum; completed date; date completed; transaction date; trans date; txn date; tran date; transactiedatum;
    datum transactie; date operation; date de l operation; date d operation; date op; fecha operacion; fecha de operacion;
    fecha de la operacion; f operacion; fecha de transaccion; data operazione; data transazione; data movimento; data operacji;
    data transakcji; data zlecenia operacji; data lancamento; data do lancamento; data de lancamento; data mov; data do movimento;
    data da operacao; data operacao; transaktionsdatum; transaktionsdag; transaktionsdato; transaksjonsdato; utfort dato;
    datum provedeni; datum transakce; datum pohybu; datum; date; dato; fecha; data; pvm; paiva; paivamaara; maksupaiva; dia;
    tarih; islem tarihi; data tranzactiei; data tranzactie; datum prometa; day; time; timestamp; created; started date`,
  value_date: `valutadatum; valuta; valuta datum; wertstellung; wertstellungstag; wertstellungsdatum; wert; value date;
    valeur; date de valeur; date valeur; fecha valor; f valor; fecha de valor; data valuta; data waluty; data valor;
    data de valor; valutadag; rentedatum; rentedato; rantedato; valor dato; valordato; arvopaiva; datum valuty; valuteringsdag;
    ranteday; rantedag; datum splatnosti; erteknap; effective date; interest date`,
  amount: `net; netto; net amount; nettobetrag; betrag; umsatz; buchungsbetrag; amount; transaction amount; amount account currency;
    account amount; booked amount; bedrag; transactiebedrag; montant; montant de l operation; montant operation; importe;
    importo; importe movimiento; quantia; montante; valor; valor do movimento; kwota; kwota operacji; kwota transakcji;
    kwota w walucie rachunku; belopp; belob; belop; summa; maara; castka; castka v mene uctu; objem; osszeg; suma; iznos;
    tutar; sum; value; movimento; importo contabile; gross; brutto; paid; betrag in kontowahrung; amount usd`,
  credit: `haben; gutschrift; gutschriften; credit; credits; credit amount; amount credited; paid in; money in; deposit;
    deposits; deposit amount; deposit amt; receipts; received; in; amount in; bij; bijschrijving; bijgeschreven; entree; entrees;
    recette; recettes; montant credit; credit montant; abono; abonos; ingreso; ingresos; haber; credito; creditos; entrada; entradas;
    entrate; accrediti; accredito; avere; uznania; uznanie; wplywy; wplyw; inbetaling; insattning; insattningar; kredit;
    inn; inn pa konto; innbetaling; ind; indbetaling; indsat; prijem; pripsano; kreditni; panot; pano; tulot; jovairas; joavairas;
    einnahmen; einnahme; eingang; zugang; received amount; credit transactions; credit value`,
  debit: `soll; lastschrift; belastung; belastungen; debit; debits; debit amount; amount debited; paid out; money out;
    withdrawal; withdrawals; withdrawal amount; withdrawal amt; payments; spent; out; amount out; af; afschrijving; afgeschreven;
    sortie; sorties; depense; depenses; montant debit; debit montant; cargo; cargos; gasto; gastos; debe; debito; debitos; saida;
    saidas; uscite; addebiti; addebito; dare; obciazenia; obciazenie; wydatki; wydatek; uttag; debet; utbetaling;
    ut; ut fra konto; ud; udbetaling; haevet; vydaj; odepsano; debetni; otot; otto; menot; terheles; ausgaben; ausgabe; ausgang;
    abgang; debit transactions; debit value`,
  balance: `saldo; kontostand; balance; running balance; account balance; closing balance; balance after; balance after transaction;
    saldo na trn; saldo na mutatie; saldo na boeking; solde; solde progressif; solde apres operation; saldo contabile;
    saldo progressivo; saldo contabilistico; saldo disponible; saldo po operacji; saldo po transakcji; saldo rachunku; saldo efter;
    saldo etter; bokfort saldo; bokford saldo; zustatek; zustatek po; zustatek po pohybu; egyenleg; stanje; bakiye; available balance;
    guthaben; saldo nach buchung; neuer saldo; ledger balance; sold; sold final; tilin saldo; saldo posterior`,
  fee: `fee; fees; gebuhr; gebuhren; entgelt; frais; commission; comision; commissione; kosten; avgift; gebyr`,
  currency: `wahrung; waehrung; kontowahrung; currency; currency code; account currency; ccy; valuta; munt; muntsoort; devise;
    divisa; moneda; waluta; waluta rachunku; moeda; valuutta; valutakod; mena; mena uctu; deviza; penznem; para birimi; valuta konta`,
  account: `auftragskonto; iban auftragskonto; kontonummer auftraggeber; eigenes konto; account; account number; account no;
    account iban; own account; rekening; iban bban; rekeningnummer; eigen rekening; compte; numero de compte; numero compte;
    cuenta; numero de cuenta; conto; numero conto; konto; kontonr; rachunek; numer rachunku; konto nr; cislo uctu; clearingnummer;
    tili; oma tili; szamlaszam; from account`,
  name: `beguenstigter zahlungspflichtiger; begunstigter zahlungspflichtiger; zahlungspflichtiger beguenstigter;
    name zahlungsbeteiligter; auftraggeber empfanger; auftraggeber begunstigter; auftraggeber beguenstigter; empfanger auftraggeber;
    zahlungsbeteiligter; zahlungspflichtige r; zahlungsempfanger in; zahlungsempfanger; empfanger; auftraggeber; payee; payer; payee name; payer name;
    counterparty; counterparty name; counter party; counterparty account name; partner name; merchant; merchant name; beneficiary;
    beneficiary name; remitter; sender; sender name; other party; other party name; from; paid by; received from; tegenpartij;
    naam tegenpartij; naam omschrijving; naam tegenrekening; tegenpartij naam; nom contrepartie; nom de la contrepartie; contrepartie;
    tiers; beneficiaire; donneur d ordre; nom du tiers; ordenante; beneficiario; nombre; contraparte; ordenante beneficiario;
    ordinante; controparte; ordinante beneficiario; nadawca odbiorca; nadawca; odbiorca; kontrahent; dane kontrahenta;
    nazwa kontrahenta; mottagare; avsandare; mottagare avsandare; motpart; modtager; afsender; afsender modtager; modpart;
    mottaker; avsender; saaja maksaja; saaja; maksaja; saajan nimi; nazev protiuctu; nazev protistrany; nazev uctu protistrany;
    protistrana; partner; partnernev; ordonator; customer; customer name; client; client name; name; nome; nom; namn; navn; nimi; nazwa; naam; nazev`,
  iban: `kontonummer iban; iban zahlungsbeteiligter; iban kontonummer; kontonummer; iban empfanger; gegenkonto;
    counterparty iban; counterparty account; counterparty account number; counter account; payee account; payer account; partner iban; beneficiary iban; tegenrekening;
    tegenrekening iban bban; rekening tegenpartij; rekeningnummer tegenpartij; iban tegenpartij; compte contrepartie; iban contrepartie; compte de contrepartie;
    cuenta contraparte; cuenta de abono; iban ordinante; iban controparte; nr rachunku nadawcy odbiorcy; rachunek nadawcy odbiorcy; rachunek kontrahenta; nr rachunku;
    motkonto; fra konto; til konto; fra til konto; modkonto; saajan tilinumero; saajan tilinumero ja pankin bic; tilinumero;
    cislo protiuctu; protiucet; ellenszamla; iban; account number of counterparty`,
  description: `verwendungszweck; buchungsdetails; remittance information; remittance info; payment details; transaction details;
    transaction description; description; details; narrative; memo; note; notes; particulars; transaction remarks; narration;
    omschrijving; omschrijving 1; omschrijving 2; omschrijving 3; mededelingen; mededeling; vrije mededeling; libelle; libelle operation; libelle de l operation;
    libelle complet; libelle complementaire; detail; details de l operation; detail de l ecriture; motif; communication; communications; informations complementaires; concepto; concepto ampliado;
    descripcion; detalle; observaciones; causale; descrizione; descrizione operazione; descrizione estesa; dettagli; causale descrizione;
    tytul; tytul operacji; tytulem; opis; opis operacji; opis transakcji; szczegoly; historico; descricao; descritivo; descricao da operacao; descricao do movimento; beskrivning;
    rubrik; meddelande; specifikation; text; tekst; texte; testo; texto; beskrivelse; forklaring; melding; besked; posteringstekst; posteringstext; viesti; selite; kuvaus;
    viesti saajalle; zprava pro prijemce; zprava; popis; popis transakce; poznamka; poznamka pro prijemce; kozlemeny; megjegyzes; descriere; detalii tranzactie; detalii; opis prometa;
    message; payment message; buchungstext; vorgang verwendungszweck; vorgang; beschreibung; booking text; aciklama;
    transaction; payment reference; reference; bezeichnung; kommentar; subject; zahlungszweck; mitteilung; avisierungstext`,
  reference: `kundenreferenz end to end; end to end reference; end to end id; end to end; kundenreferenz; customer reference;
    bank reference; reference number; reference; ref; ref no; cheque ref no; chq ref no; payment reference; transaction reference; transactiereferentie; betalingskenmerk; kenmerk;
    reference client; reference de l operation; referencia; referencia 1; riferimento; referencja; numer referencyjny; referens; referanse; referense; ocr; kid; kid nummer; viite;
    viitenumero; viite viitenumero; variabilni symbol; vs; referenz; mandatsreferenz; unique id; transaction id; id`,
  status: `status; state; info; stato; estado; statut; tila; tilstand; stav; buchungsstatus; umsatzstatus`,
}

const LISTS = Object.fromEntries(
  Object.entries(NAMES).map(([role, names]) => [
    role,
    names.split(';').map((name) => name.trim().replace(/\s+/g, ' ')),
  ]),
) as Record<Role, string[]>

/** Words that decide where no name of the list fits: only for the columns without which nothing can be read. */
const WORDS: Partial<Record<Role, RegExp>> = {
  date: /\b(date|datum|dato|fecha|data|buchungstag|pvm|paiva)\b/,
  amount:
    /\b(amount|betrag|bedrag|montant|importe|importo|kwota|belopp|belob|belop|castka|summa|umsatz|osszeg|suma|iznos)\b/,
  credit:
    /\b(credit|haben|gutschrift|paid in|money in|deposits?|avere|haber|abonos?|uznania|entrate|kredit|entradas?)\b/,
  debit: /\b(debit|soll|belastung|paid out|money out|withdrawals?|dare|debe|cargos?|obciazenia|uscite|debet|saidas?)\b/,
}

/** A header name in small ASCII letters without punctuation and without the currency it may end in. */
export function plainName(header: string): string {
  const words = anyAscii(header)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
  while (words.length > 1 && isCurrency(words[words.length - 1]!.toUpperCase())) {
    words.pop()
    if (words.length > 1 && /^(in|en|im|i|w|v|em)$/.test(words[words.length - 1]!)) words.pop()
  }
  return words.join(' ')
}

/** The currency a header names, as in "Betrag (EUR)" or "Amount £"; null when it names none or the sign is shared. */
export function currencyInHeader(header: string): string | null {
  for (const word of header.split(/[^A-Za-z]+/)) if (/^[A-Z]{3}$/.test(word) && isCurrency(word)) return word
  if (header.includes('€')) return 'EUR'
  return header.includes('£') ? 'GBP' : null
}

/** Columns that may hold the role, best name first. */
export function columnsFor(role: Role, header: string[]): number[] {
  const list = LISTS[role]
  const ranked = header
    .map((name, column) => ({ column, rank: list.indexOf(plainName(name)) }))
    .filter(({ rank }) => rank !== -1)
    .toSorted((a, b) => a.rank - b.rank || a.column - b.column)
    .map(({ column }) => column)
  const words = WORDS[role]
  if (words === undefined) return ranked
  const byWord = header
    .map((name, column) => (words.test(plainName(name)) ? column : -1))
    .filter((column) => column !== -1)
  return [...ranked, ...byWord.filter((column) => !ranked.includes(column))]
}

/** How much a row looks like the header of a statement: 0 unless it names a day and money. */
export function headerScore(cells: string[]): number {
  const has = (role: Role) => columnsFor(role, cells).length > 0
  if (!has('date') || !(has('amount') || (has('credit') && has('debit')))) return 0
  // Rows of data can hold such words too, but then they hold digits where a header has names.
  const digits = cells.filter((cell) => /\d[.,/-]\d/.test(cell)).length
  const known = (Object.keys(LISTS) as Role[]).filter(has).length
  return digits > 0 ? 0 : known + 1 / (1 + cells.filter((cell) => cell.trim() === '').length)
}
