import { soundKey } from './text.ts'

/** Legal forms of companies, left out of names: a bank prints `Muster`, the invoice `Muster GmbH & Co. KG`. Written as folded texts
 *  have them (text.ts): capitals A–Z, so that `OÜ` is OU and `ТОВ` is TOV. A form with points (`S.r.l.`) comes apart into letters, which
 *  names leave out anyway; listed is what is written in one.
 *
 *  Sources, all public: the code list of entity legal forms of ISO 20275 (GLEIF, "ELF Code List"), the registers of the countries named
 *  beside each line, and the forms of entities that Wikipedia lists by country ("List of legal entity types by country"). */

const list = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Forms that are no family name and no usual word: left out wherever they stand. */
export const legalForms: readonly string[] = [
  // Germany, Austria, Switzerland, Liechtenstein
  ...list(
    'GMBH MBH GMB GGMBH GESMBH GMBHCO GMBHCOKG COKG UG AG KG KGAA OHG OG GBR GESBR EK EKFM EKFR EV EG EU SE CO PARTG PARTGMBB PARTMBB MBB',
  ),
  ...list(
    'AKTIENGESELLSCHAFT KOMMANDITGESELLSCHAFT HAFTUNGSBESCHRANKT HAFTUNGSBESCHRAENKT GESELLSCHAFT MIT BESCHRANKTER HAFTUNG SAGL',
  ),
  // The United Kingdom, Ireland, the United States, Canada, Australia, New Zealand, South Africa
  ...list(
    'LTD LIMITED LLC LLP LP LLLP PLLC PLC INC INCORPORATED CORP CORPORATION COMPANY DBA PTY PTYLTD DAC CLG TEORANTA ULC LTEE',
  ),
  // The Netherlands, Belgium, Luxembourg
  ...list('BV BVBA EBVBA NV VOF CV CVBA COMMV SPRL SPRLU SCRL VZW ASBL EENMANSZAAK SARLS'),
  // France and its neighbours in law (Morocco, Tunisia, Senegal …)
  ...list('SA SARL SARLU SARLAU SUARL SAS SASU EURL EIRL SNC SCI SCS SCP SCA SCOP SCIC SELARL SELAS SELURL GIE'),
  // Italy, Spain, Portugal
  ...list('SRL SRLS SPA SNCS SAPA SCARL SCPA SOC SOCOOP SL SLU SLL SLP SLNE SAU SCCL LDA UNIPESSOAL SGPS'),
  // Latin America
  ...list('LTDA EIRELI EPP SADECV SAPI SAPIDECV SABDECV SDERL SDERLDECV SACI SAIC'),
  // Norway, Sweden, Denmark, Finland, Iceland
  ...list(
    'AS ASA ENK ANS DA NUF AB HB KB AKTIEBOLAG HANDELSBOLAG KOMMANDITBOLAG APS IVS AMBA AKTIESELSKAB ANPARTSSELSKAB AKSJESELSKAP',
  ),
  ...list('ENKELTPERSONFORETAK OY OYJ OYAB TMI OSAKEYHTIO EHF OHF HF'),
  // Estonia, Latvia, Lithuania
  ...list('OU OSAUHING AKTSIASELTS SIA UAB VSI'),
  // Poland
  ...list('SP ZOO SPZ OO SPZOO SPK SPJ SKA SC PPHU PHU FHU'),
  // The Czech Republic, Slovakia, Hungary
  ...list('SRO SPOL RO SPOLSRO KFT BT ZRT NYRT KKT'),
  // Slovenia, Croatia, Bosnia, Serbia, Montenegro, North Macedonia, Albania
  ...list('DOO JDOO DOOEL DD AD DNO OBRT SHPK SHA'),
  // Bulgaria, Romania, Moldova
  ...list('EOOD OOD EAD ET SRLD PFA'),
  // Greece, Cyprus
  ...list('AE EPE AEVE MEPE'),
  // Turkey
  ...list('STI LTDSTI SIRKETI'),
  // Ukraine, Russia, Belarus, Kazakhstan, Georgia, Armenia, Azerbaijan, Uzbekistan
  ...list('TOV TZOV FOP PP OOO OAO ZAO PAO TOO JSC OJSC CJSC PJSC MCHJ'),
  // India, Singapore, Malaysia, Indonesia, Vietnam, Hong Kong, Japan
  ...list('PVT PVTLTD PTE PTELTD SDN BHD SDNBHD TBK TNHH KK GK KABUSHIKIKAISHA GODOKAISHA'),
  // The Emirates, Saudi Arabia, Bahrain, Kuwait, Qatar, Oman, Egypt, Israel
  ...list('FZ FZE FZC FZCO FZLLC DMCC WLL BSC KSC QSC SAOG SAOC SAE'),
]

const neverNames: ReadonlySet<string> = new Set(
  list(`GMBH MBH GMBHCO GMBHCOKG COKG KG KGAA OHG GBR AKTIENGESELLSCHAFT KOMMANDITGESELLSCHAFT HAFTUNGSBESCHRANKT HAFTUNGSBESCHRAENKT
    GESELLSCHAFT MIT BESCHRANKTER HAFTUNG LTD LIMITED LLC LLP LP PLC INC INCORPORATED CORP CORPORATION COMPANY PTY PVT DBA BV NV BVBA SPRL SARL
    EURL SRL SRO SPOL OYJ DOO KFT ZRT EOOD UAB OOO SP LTDA SDN BHD`),
)

/** Those of them that are family names or names of firms too (Sá, Ek, Co, Ou, Sas, BSC …): they stay where nothing else is left of a name. */
export const formsAndNames: ReadonlySet<string> = new Set(legalForms.filter((form) => !neverNames.has(form)))

/** Family names and words that a firm may also have as its form, at its end: Dutch *Vos* and the Czech *v.o.s.*, the first name *Ike* and the
 *  Greek IKE. A company that has one at its end is
 *  known by its name without it as well; a person never is. */
const formsAtTheEnd: ReadonlySet<string> = new Set(list('VOS KS ME MEI EI IKE KY AY PSA SAL SAC CIA PR').map(soundKey))

/** Forms of several words, none of which is a form by itself. Words with points may be written in one or apart. */
const formsOfWords = `
  S.A. de C.V.; S.A.B. de C.V.; S.A.P.I. de C.V.; S. de R.L. de C.V.; S. de R.L.; C.I.A. Ltda; Oy Ab; Ltd Sti; San ve Tic; San Tic; Mon IKE;
  Private Limited; Pvt Ltd; Public Limited Company; Limited Liability Company; Limited Liability Partnership; Free Zone Company;
  Societe Anonyme; Societe a Responsabilite Limitee; Societe par Actions Simplifiee; Societe Civile Immobiliere; Entreprise Individuelle;
  Societa a Responsabilita Limitata; Societa per Azioni; Societa in Accomandita Semplice; Ditta Individuale;
  Sociedad Anonima; Sociedad Limitada; Sociedad de Responsabilidad Limitada; Sociedad por Acciones; Sociedade Anonima; Sociedade Limitada;
  Besloten Vennootschap; Naamloze Vennootschap; Vennootschap onder Firma; Commanditaire Vennootschap; Eingetragener Kaufmann;
  Eingetragene Kauffrau; Eingetragener Verein; Offene Handelsgesellschaft; Offene Gesellschaft; Enskild Firma; Enskild Naringsidkare;
  Spolka z Ograniczona Odpowiedzialnoscia; Spolka Akcyjna; Spolka Jawna; Spolka Komandytowa; Spolka Cywilna; Spolka Partnerska;
  Spolecnost s Rucenim Omezenym; Spolocnost s Rucenim Obmedzenym; Akciova Spolecnost; Akciova Spolocnost; Verejna Obchodni Spolecnost;
  Korlatolt Felelossegu Tarsasag; Beteti Tarsasag; Zartkoruen Mukodo Reszvenytarsasag; Egyeni Vallalkozo;
  Drustvo s Ogranicenom Odgovornoscu; Druzba z Omejeno Odgovornostjo; Drustvo sa Ogranicenom Odgovornoscu; Samostojni Podjetnik;
  Societate cu Raspundere Limitata; Persoana Fizica Autorizata; Sabiedriba ar Ierobezotu Atbildibu; Uzdaroji Akcine Bendrove;
  Anonim Sirketi; Limited Sirketi; Kabushiki Kaisha; Godo Kaisha; Yugen Kaisha; Sendirian Berhad; Cong Ty Tnhh;
  Tovaristvo z Obmezhenoyu Vidpovidalnistyu; Tovarystvo z Obmezhenoyu Vidpovidalnistyu; Fizichna Osoba Pidpriiemets; Privatne Pidpriiemstvo;
  Obshchestvo s Ogranichennoy Otvetstvennostyu; Aktsionernoe Obshchestvo; Individualnyy Predprinimatel;
  Ednolichno Druzhestvo s Ogranichena Otgovornost; Druzhestvo s Ogranichena Otgovornost; Drushtvo sa Ogranichenom Odgovornoshcu;
  Anonymi Etaireia; Omorrythmi Etaireia; Idiotiki Kefalaioychiki Etaireia
`

/** All ways to write each, under the first word; longest first. */
const runs = new Map<string, (readonly string[])[]>()
for (const form of formsOfWords.split(';')) {
  const parts = list(form.toUpperCase()).map((word) => {
    const letters = word.split('.').filter((letter) => letter !== '')
    return word.includes('.') && letters.length > 1 ? [[letters.join('')], letters] : [letters]
  })
  const ways = parts.reduce<string[][]>(
    (before, part) => before.flatMap((way) => part.map((words) => [...way, ...words])),
    [[]],
  )
  for (const way of ways) runs.set(way[0]!, [...(runs.get(way[0]!) ?? []), way])
}
for (const ways of runs.values()) ways.sort((one, other) => other.length - one.length)

/** Whether a form of several words begins with this one. */
export const opensForm = (word: string): boolean => runs.has(word)

/** A name's words without forms of several words. A name that is nothing else keeps them. */
export function withoutRuns(words: readonly string[]): readonly string[] {
  if (!words.some((word) => runs.has(word))) return words
  const left: string[] = []
  for (let at = 0; at < words.length; ) {
    const run = runs.get(words[at]!)?.find((way) => way.every((word, n) => words[at + n] === word))
    if (run === undefined) left.push(words[at]!)
    at += run?.length ?? 1
  }
  return left.length > 0 ? left : words
}

/** Whether a word of a company's name, as it sounds, is a form where it stands at the end, and a name elsewhere. */
export const isFormAtTheEnd = (sound: string): boolean => formsAtTheEnd.has(sound)

/** Chinese, Japanese and Korean forms have no blank beside them, and folding would make them part of the name. */
const glued =
  /株式会社|有限会社|合同会社|合資会社|合名会社|股份有限公司|有限责任公司|有限責任公司|有限公司|주식회사|유한회사|[㈱㈲㈜]|[(（][株有주][)）]/g
const written = /[\u3000-\u9fff\uac00-\ud7af㈱㈲㈜]/

/** A name without them, before it is folded. */
export function withoutGlued(name: string): string {
  return written.test(name) ? name.replace(glued, ' ') : name
}
