import { type Change, eachLine } from './matching-distort-texts.ts'

/** Payers whose legal form is written in another way than the books do, or is that of another country. Persons stay as they are. */

const known =
  /[,\s]+(?:GmbH(?:\s*&\s*Co\.?\s*KG)?|UG(?:\s*\(haftungsbeschr[^)]*\))?|AG|e\.?K\.?|OHG|GbR|Ltd\.?|Limited|LLC|Inc\.?|PLC|LLP|B\.?V\.?|N\.?V\.?|VOF|SARL|S\.A\.R\.L\.|SAS|EURL|S\.?A\.?|S\.?r\.?l\.?|S\.?p\.?A\.?|S\.?L\.?|AS|ASA|AB|ApS|A\/S|Oy|Sp\. ?z ?o\.? ?o\.?|s\.?r\.?o\.?|a\.s\.)\s*$/i

const others = [
  'Lda.',
  'Sdn Bhd',
  'S.A. de C.V.',
  'Pvt Ltd',
  'LTDA',
  'FZCO',
  'Nyrt.',
  'j.d.o.o.',
  'EIRELI',
  'GesmbH',
  'Limited Liability Company',
  'Société à responsabilité limitée',
  'Spółka z ograniczoną odpowiedzialnością',
  'Ltd. Şti.',
  'osakeyhtiö',
  'aktiebolag',
  'W.L.L.',
  'v.o.s.',
  'EBVBA',
  'Aktsiaselts',
]

/** The same for the same name. */
const numberOf = (name: string): number =>
  [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)

/** Writes another form at the end of each payer's name that has one. */
export const withOtherForms: Change = eachLine((line) => {
  const { name } = line.counterparty
  if (!known.test(name)) return line
  const form = others[numberOf(name) % others.length] ?? ''
  return { ...line, counterparty: { ...line.counterparty, name: `${name.replace(known, '')} ${form}` } }
})
