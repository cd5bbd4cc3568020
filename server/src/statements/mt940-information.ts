import { cleanText } from './decode-text.ts'
import { ibanIn } from './iban.ts'

export interface Information {
  description: string
  creditorReference: string
  endToEndId: string
  counterparty: { name: string; iban: string | null }
}

/** Length at which German banks cut a text into the fields ?20, ?21 and so on, and lines of the network. */
const FIELD_CUT = 27
const LINE_CUT = 65

/** Reads the `:86:` of an entry: German and Polish subfields (`?20`, `<20`, `~20`), Dutch slash codes, or plain text. */
export function readInformation(lines: string[]): Information {
  // Lines are cut in the middle of words: where codes structure the text they are joined without a blank.
  const joined = lines.join('')
  const german = /^\d{3}([^A-Za-z0-9\s])\d{2}/.exec(joined) ?? /^([?<~])\d{2}/.exec(joined)
  if (german) return readSubfields(joined, german[1]!)
  if (/\/(EREF|REMI|CNTP|TRTP|BENM|ORDP|NAME|IBAN)\//.test(joined)) return readSlashCodes(joined)
  const text = joinCut(lines, LINE_CUT - 2)
  return { ...tagged(text), counterparty: { name: '', iban: null } }
}

/** `?20`–`?29` and `?60`–`?63` text, `?31` account, `?32` and `?33` name. */
function readSubfields(text: string, separator: string): Information {
  const fields = text
    .split(separator)
    .slice(1)
    .reduce<{ code: string; text: string }[]>((list, part) => {
      // A separator that no two digits follow belongs to the text.
      if (/^\d{2}/.test(part)) list.push({ code: part.slice(0, 2), text: part.slice(2) })
      else if (list.length > 0) list.at(-1)!.text += separator + part
      return list
    }, [])
  const of = (pattern: RegExp) => fields.filter(({ code }) => pattern.test(code)).map((field) => field.text)
  const remittance = joinCut(of(/^(2\d|6[0-3])$/), FIELD_CUT)
  const posting = cleanText(of(/^00$/).join(' '))
  const told = tagged(remittance)
  return {
    ...told,
    description: told.description || posting,
    counterparty: {
      name: joinCut(of(/^3[23]$/), FIELD_CUT),
      iban: ibanIn(of(/^(31|38)$/).find((one) => ibanIn(one) !== null) ?? ''),
    },
  }
}

/** SEPA tags of German banks within the text. Source: DFÜ agreement, annex 3, chapter 8. */
const TAG = /(?:^|[ ?])?(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|RREF|IBAN|BIC)[+]/g

function tagged(text: string): Omit<Information, 'counterparty'> {
  const values = new Map<string, string>()
  const marks = [...text.matchAll(TAG)]
  marks.forEach((mark, at) => {
    const value = cleanText(text.slice(mark.index + mark[0].length, marks[at + 1]?.index))
    if (!values.has(mark[1]!)) values.set(mark[1]!, value)
  })
  const before = cleanText(marks.length === 0 ? text : text.slice(0, marks[0]!.index))
  const description = [before, values.get('SVWZ') ?? ''].filter((part) => part !== '').join(' ')
  return { description, creditorReference: '', endToEndId: provided(values.get('EREF') ?? '') }
}

const CODES =
  'TRTP|TRCD|EREF|CNTP|REMI|MARF|CSID|BENM|ORDP|NAME|IBAN|BIC|ID|ADDR|ISDT|PREF|RTRN|PURP|ULTD|ULTB|ULTC|SVCL|OCMT|CHGS|EXCH|RCMT|CREF|IREF|BOOK|BUSP|KREF'

/** `/EREF/…//CNTP/account/bank/name///REMI/USTD//text/` and the older `/TRTP/…/IBAN/…/NAME/…/REMI/…/EREF/…`. */
function readSlashCodes(text: string): Information {
  const marks = [...text.matchAll(new RegExp(`/(${CODES})/`, 'g'))]
  const values = new Map<string, string>()
  marks.forEach((mark, at) => {
    const value = text.slice(mark.index + mark[0].length, marks[at + 1]?.index)
    if (value !== '' && !values.has(mark[1]!)) values.set(mark[1]!, value)
  })
  const value = (code: string) => cleanText((values.get(code) ?? '').replace(/^\/+|\/+$/g, ''))
  const [account = '', , name = ''] = (values.get('CNTP') ?? '').split('/')
  const remittance = value('REMI')
  const structured = /^STRD\/(?:CUR|ISO)?\/?([A-Za-z0-9]+)/.exec(remittance)?.[1] ?? ''
  const description = structured || remittance.replace(/^USTD\/\//, '')
  return {
    description: cleanText(description),
    creditorReference: structured,
    endToEndId: provided(value('EREF')),
    counterparty: { name: cleanText(name) || value('NAME'), iban: ibanIn(account) ?? ibanIn(value('IBAN')) },
  }
}

/** Pieces of one text; a piece of full length was cut by the format and goes on without a blank. */
function joinCut(pieces: string[], length: number): string {
  return cleanText(
    pieces.map((piece, at) => (at === pieces.length - 1 || piece.length >= length ? piece : `${piece} `)).join(''),
  )
}

const provided = (id: string): string => (/^(notprovided|not provided|nonref)$/i.test(id.replace(/\s/g, '')) ? '' : id)
