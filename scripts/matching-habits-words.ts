/** How payers of several countries write, for invented lines. Collected from what people write on transfers; nothing here comes
 *  from the engine's own lists. */

export interface Words {
  invoice: readonly string[]
  /** Written in front of a customer number. */
  customer: readonly string[]
  order: readonly string[]
  thanks: readonly string[]
  agreed: readonly string[]
  remainder: readonly string[]
  instalment: readonly string[]
  discount: readonly string[]
  credit: readonly string[]
  reminder: readonly string[]
  /** Between two numbers of a list: `and`, `to`. */
  and: string
  to: string
  /** "for", between payer and client. */
  on: string
  next: readonly string[]
  months: readonly string[]
  hosting: readonly string[]
  firstNames: readonly (readonly [woman: string, man: string])[]
  surnames: readonly string[]
}

const split = (text: string): string[] => text.split(' ')

const de: Words = {
  invoice: ['Rechnung', 'Rechnungsnr.', 'RE', 'Rg.', 'Rechnung Nr.', 'RNr', 'Beleg'],
  customer: ['Kundennummer', 'Kd-Nr.', 'KdNr', 'Kunde', 'Kunden-Nr:'],
  order: ['Bestellung', 'Auftrag', 'Angebot', 'Auftragsnr.'],
  thanks: ['Vielen Dank!', 'Danke und schöne Grüße', 'MfG', 'Herzlichen Dank für den guten Service', 'lg'],
  agreed: ['wie besprochen', 'laut Telefonat', 'wie vereinbart', 'gem. Mail'],
  remainder: ['Restbetrag', 'Rest', 'Restzahlung'],
  instalment: ['Rate', 'Teilzahlung', 'Abschlag'],
  discount: ['abzgl. 2 % Skonto', 'Skonto', './. Skonto 3%'],
  credit: ['abzgl. Gutschrift', 'minus Gutschrift', 'verrechnet mit Gutschrift'],
  reminder: ['inkl. Mahngebühr', 'und Mahnspesen', 'samt Mahnkosten'],
  and: 'und',
  to: 'bis',
  on: 'für',
  next: ['Vorauszahlung', 'schon mal für nächsten Monat', 'im Voraus'],
  months: split('Januar Februar März April Mai Juni Juli August September Oktober November Dezember'),
  hosting: ['Webhosting', 'Homepage', 'Server', 'Webseite'],
  firstNames: [
    ['Ursula', 'Klaus'],
    ['Gisela', 'Jürgen'],
    ['Heike', 'Uwe'],
    ['Birgit', 'Detlef'],
    ['Anke', 'Torsten'],
  ],
  surnames: split('Ohlendiek Strothmann Bexkamp Wiegelmann Zurmöhle Kröncke Schlüpmann Hasselbrink Tappert Vennhoff'),
}

const en: Words = {
  invoice: ['Invoice', 'Inv', 'Inv no', 'invoice number', 'bill', 'INV#', 'Ref'],
  customer: ['Customer', 'Client ID', 'Cust no.', 'Account no', 'customer number'],
  order: ['Order', 'PO', 'Quote', 'Estimate'],
  thanks: ['Thank you!', 'Many thanks', 'Cheers', 'with thanks', 'Kind regards'],
  agreed: ['as agreed', 'as discussed', 'per email', 'as per our call'],
  remainder: ['balance', 'rest of', 'remaining'],
  instalment: ['instalment', 'part payment', 'payment'],
  discount: ['less 2% discount', 'early payment discount', 'less 3 pct'],
  credit: ['less credit note', 'minus credit', 'less credit'],
  reminder: ['incl late fee', 'plus late charge', 'inc reminder fee'],
  and: 'and',
  to: 'to',
  on: 'for',
  next: ['in advance', 'paying ahead', 'next month already'],
  months: split('January February March April May June July August September October November December'),
  hosting: ['website', 'hosting', 'server', 'web site'],
  firstNames: [
    ['Maureen', 'Trevor'],
    ['Hazel', 'Clive'],
    ['Beryl', 'Alistair'],
    ['Gwen', 'Rhys'],
    ['Tamsin', 'Dougal'],
  ],
  surnames: split(
    'Oakhanger Thistlewood Penhaligon Rushbrook Satterley Wetherden Ballinger Quayle Hebblethwaite Trevanion',
  ),
}

const fr: Words = {
  invoice: ['Facture', 'FACT', 'fact n°', 'facture numéro', 'Règlement facture'],
  customer: ['N° client', 'client', 'code client', 'ref client'],
  order: ['commande', 'devis', 'bon de commande', 'cde'],
  thanks: ['Merci', 'Merci beaucoup', 'Cordialement', 'Bonne journée'],
  agreed: ['comme convenu', 'suite à notre échange', 'selon accord'],
  remainder: ['solde', 'reste'],
  instalment: ['échéance', 'acompte', 'versement'],
  discount: ['escompte 2%', 'moins escompte', 'esc. 3%'],
  credit: ['moins avoir', 'avoir déduit', 'déduction avoir'],
  reminder: ['frais de relance inclus', 'avec pénalités', '+ frais de rappel'],
  and: 'et',
  to: 'à',
  on: 'pour',
  next: ['paiement anticipé', "d'avance", 'mois prochain'],
  months: split('janvier février mars avril mai juin juillet août septembre octobre novembre décembre'),
  hosting: ['hébergement', 'site web', 'serveur', 'site internet'],
  firstNames: [
    ['Sylvie', 'Thierry'],
    ['Monique', 'Gérard'],
    ['Odile', 'Yves'],
    ['Maud', 'Loïc'],
    ['Solène', 'Gaël'],
  ],
  surnames: split(
    'Castelbou Vaugrenard Tissandier Pouliquen Chabrolles Estrabaud Queffelec Bourdarias Lescombes Audrain',
  ),
}

const it: Words = {
  invoice: ['Fattura', 'Fatt.', 'FT', 'saldo fattura', 'fatt n.'],
  customer: ['codice cliente', 'cliente n.', 'cod. cliente', 'cliente'],
  order: ['ordine', 'preventivo', 'ord.'],
  thanks: ['grazie', 'Grazie mille', 'cordiali saluti'],
  agreed: ['come da accordi', 'come concordato'],
  remainder: ['saldo', 'resto'],
  instalment: ['rata', 'acconto'],
  discount: ['sconto 2%', 'meno sconto cassa'],
  credit: ['meno nota di credito', 'detratta NC'],
  reminder: ['con spese di sollecito', 'incl. mora'],
  and: 'e',
  to: 'a',
  on: 'per',
  next: ['anticipo', 'in anticipo'],
  months: split('gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'),
  hosting: ['sito web', 'hosting', 'server', 'sito'],
  firstNames: [
    ['Ornella', 'Corrado'],
    ['Loredana', 'Ivano'],
    ['Mirella', 'Sandro'],
    ['Ilenia', 'Manlio'],
  ],
  surnames: split('Bertagnolli Scarpellini Zanframundo Caccialupi Pennacchi Tagliapietra Quadrelli Sbardella'),
}

const es: Words = {
  invoice: ['Factura', 'Fra.', 'fact', 'pago factura', 'Fra nº'],
  customer: ['nº cliente', 'cliente', 'código cliente'],
  order: ['pedido', 'presupuesto'],
  thanks: ['gracias', 'Muchas gracias', 'un saludo'],
  agreed: ['según lo acordado', 'como hablamos'],
  remainder: ['resto', 'pendiente'],
  instalment: ['plazo', 'pago parcial'],
  discount: ['dto. pronto pago 2%', 'menos descuento'],
  credit: ['menos abono', 'descontado abono'],
  reminder: ['con recargo', 'más gastos de reclamación'],
  and: 'y',
  to: 'a',
  on: 'para',
  next: ['pago anticipado', 'por adelantado'],
  months: split('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'),
  hosting: ['página web', 'alojamiento', 'servidor', 'hosting'],
  firstNames: [
    ['Rocío', 'Joaquín'],
    ['Maribel', 'Ramiro'],
    ['Nuria', 'Eusebio'],
    ['Begoña', 'Tomás'],
  ],
  surnames: split('Zumalacarregui Villanubla Etxandi Carballido Roncero Peñaranda Quiroga Berruezo'),
}

const nl: Words = {
  invoice: ['Factuur', 'factuurnr', 'Fact.', 'nota', 'factuurnummer'],
  customer: ['klantnummer', 'klantnr.', 'relatienummer', 'klant'],
  order: ['bestelling', 'offerte', 'opdracht'],
  thanks: ['Bedankt!', 'dank je wel', 'met vriendelijke groet'],
  agreed: ['zoals afgesproken', 'cf. afspraak'],
  remainder: ['restant', 'rest'],
  instalment: ['termijn', 'deelbetaling'],
  discount: ['minus 2% korting', 'betalingskorting'],
  credit: ['minus creditnota', 'creditfactuur verrekend'],
  reminder: ['incl. aanmaningskosten', 'plus herinneringskosten'],
  and: 'en',
  to: 't/m',
  on: 'voor',
  next: ['vooruitbetaling', 'alvast voor volgende maand'],
  months: split('januari februari maart april mei juni juli augustus september oktober november december'),
  hosting: ['website', 'hosting', 'server', 'webruimte'],
  firstNames: [
    ['Tineke', 'Wim'],
    ['Ans', 'Gerrit'],
    ['Riet', 'Koos'],
    ['Fenna', 'Douwe'],
  ],
  surnames: split('Oosterveld Kamphuis Terpstra Wijnbelt Stuivenga Zandleven Nauta Grolleman'),
}

const pl: Words = {
  invoice: ['Faktura', 'FV', 'za fakturę', 'F-ra', 'fakt. nr'],
  customer: ['nr klienta', 'klient', 'numer klienta'],
  order: ['zamówienie', 'oferta', 'zam.'],
  thanks: ['dziękuję', 'pozdrawiam', 'Dzięki'],
  agreed: ['zgodnie z ustaleniami', 'wg umowy'],
  remainder: ['reszta', 'dopłata'],
  instalment: ['rata', 'zaliczka'],
  discount: ['rabat 2%', 'minus skonto'],
  credit: ['minus korekta', 'pomniejszone o korektę'],
  reminder: ['z odsetkami', 'plus koszt upomnienia'],
  and: 'i',
  to: 'do',
  on: 'dla',
  next: ['z góry', 'przedpłata'],
  months: split('styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień'),
  hosting: ['strona www', 'hosting', 'serwer', 'strona'],
  firstNames: [
    ['Bożena', 'Zdzisław'],
    ['Grażyna', 'Bogdan'],
    ['Halina', 'Leszek'],
    ['Iwona', 'Mirosław'],
  ],
  surnames: split('Trzcielak Wojtasik Gąsienik Przybysławek Dzierżak Szczepkowiak Kiełbicz Rzepnik'),
}

const cs: Words = {
  invoice: ['Faktura', 'fa', 'platba faktury', 'fakt. č.'],
  customer: ['zákazník č.', 'číslo zákazníka', 'zák.'],
  order: ['objednávka', 'nabídka', 'obj.'],
  thanks: ['děkuji', 'Díky', 's pozdravem'],
  agreed: ['dle dohody', 'jak domluveno'],
  remainder: ['doplatek', 'zbytek'],
  instalment: ['splátka', 'záloha'],
  discount: ['sleva 2%', 'minus skonto'],
  credit: ['minus dobropis', 'po odečtení dobropisu'],
  reminder: ['vč. upomínky', 'plus penále'],
  and: 'a',
  to: 'až',
  on: 'za',
  next: ['platba předem', 'předplatba'],
  months: split('leden únor březen duben květen červen červenec srpen září říjen listopad prosinec'),
  hosting: ['web', 'hosting', 'server', 'stránky'],
  firstNames: [
    ['Zdeňka', 'Vlastimil'],
    ['Blanka', 'Miloslav'],
    ['Jarmila', 'Radovan'],
  ],
  surnames: split('Hrdlovec Skřivan Vondrášek Pokštefl Zapadlo Kubišta Brambora Čtvrtník'),
}

const sv: Words = {
  invoice: ['Faktura', 'fakturanr', 'Fakt', 'betalning faktura'],
  customer: ['kundnr', 'kundnummer', 'kund'],
  order: ['beställning', 'offert', 'order'],
  thanks: ['tack', 'Tack så mycket', 'mvh'],
  agreed: ['enligt överenskommelse', 'som avtalat'],
  remainder: ['rest', 'resterande'],
  instalment: ['delbetalning', 'avbetalning'],
  discount: ['minus 2% rabatt', 'kassarabatt'],
  credit: ['minus kreditfaktura', 'avdrag kredit'],
  reminder: ['inkl. påminnelseavgift', 'plus dröjsmålsränta'],
  and: 'och',
  to: 'till',
  on: 'för',
  next: ['förskott', 'i förväg'],
  months: split('januari februari mars april maj juni juli augusti september oktober november december'),
  hosting: ['hemsida', 'webbhotell', 'server', 'sajten'],
  firstNames: [
    ['Gunilla', 'Lennart'],
    ['Kerstin', 'Börje'],
    ['Ulla', 'Sture'],
  ],
  surnames: split('Hallängen Sundqvarn Bergklint Ljungstrand Tornefjord Rosenvik Åkerbladh'),
}

const no: Words = {
  ...sv,
  invoice: ['Faktura', 'fakturanr', 'regning', 'betaling faktura'],
  customer: ['kundenr', 'kundenummer', 'kunde'],
  order: ['bestilling', 'tilbud', 'ordre'],
  thanks: ['takk', 'Tusen takk', 'mvh'],
  agreed: ['etter avtale', 'som avtalt'],
  instalment: ['avdrag', 'delbetaling'],
  and: 'og',
  to: 'til',
  on: 'for',
  next: ['forskudd', 'på forhånd'],
  hosting: ['nettside', 'webhotell', 'server', 'hjemmeside'],
  months: split('januar februar mars april mai juni juli august september oktober november desember'),
  surnames: split('Haugerud Bratteli Skjelstad Kvalnes Tveitan Øvrebust Myrvold'),
}

const languages: Readonly<Record<string, Words>> = { de, en, fr, it, es, nl, pl, cs, sv, no }

const spoken: Readonly<Record<string, readonly string[]>> = {
  DE: ['de', 'de', 'de', 'en', 'nl'],
  AT: ['de', 'de', 'de', 'en', 'it'],
  CH: ['de', 'fr', 'it', 'en'],
  GB: ['en'],
  US: ['en', 'en', 'en', 'es'],
  FR: ['fr', 'fr', 'fr', 'en', 'es'],
  IT: ['it', 'it', 'it', 'en'],
  NL: ['nl', 'nl', 'en', 'de'],
  PL: ['pl', 'pl', 'pl', 'en'],
  CZ: ['cs', 'cs', 'cs', 'en', 'de'],
  SE: ['sv', 'sv', 'no', 'en'],
  NO: ['no', 'no', 'sv', 'en'],
}

/** The languages that payers of a hoster in this country write, each as often as it stands there. */
export const languagesOf = (home: string): Words[] => (spoken[home] ?? ['en']).flatMap((name) => languages[name] ?? [])

/** Formal first name, and what its bearers are called. */
export const nicknames: readonly (readonly [formal: string, short: string])[] = [
  ['William', 'Bill'],
  ['Robert', 'Bob'],
  ['Richard', 'Dick'],
  ['Margaret', 'Peggy'],
  ['Elizabeth', 'Liz'],
  ['Johannes', 'Hans'],
  ['Katharina', 'Käthe'],
  ['Friedrich', 'Fritz'],
  ['Giuseppe', 'Beppe'],
  ['Francisco', 'Paco'],
  ['José', 'Pepe'],
  ['Aleksandra', 'Ola'],
  ['Małgorzata', 'Gosia'],
  ['Jan', 'Honza'],
  ['Cornelis', 'Kees'],
  ['Jean-Baptiste', 'JB'],
]
