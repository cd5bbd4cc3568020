import { cleanText } from './decode-text.ts'
import { find, findAll, textAt, type XmlElement } from './xml.ts'

/** Line lengths at which banks cut one text into several `Ustrd`, in the middle of words. */
const CUT_LENGTHS = new Set([27, 35, 65, 70, 140])

/** All remittance text of a detail, and the structured creditor reference (RF, QR reference, national schemes) if any. */
export function remittanceOf(detail: XmlElement): { description: string; creditorReference: string } {
  const remittance = find(detail, 'RmtInf')
  const structured = findAll(remittance, 'Strd')
  const creditorReference =
    structured.map((one) => textAt(one, 'CdtrRefInf', 'Ref') || textAt(one, 'CdtrRefInf', 'CdtrRef')).find(Boolean) ??
    ''
  const unstructured = joinLines(findAll(remittance, 'Ustrd').map((one) => one.text))
  const further = structured.flatMap((one) => [
    ...findAll(one, 'RfrdDocInf').map((document) => textAt(document, 'Nb') || textAt(document, 'RfrdDocNb')),
    ...findAll(one, 'AddtlRmtInf').map((text) => text.text),
  ])
  const texts = [unstructured, ...further].map(cleanText).filter((text) => text !== '')
  return {
    description: texts.join(' ') || cleanText(creditorReference),
    creditorReference: cleanText(creditorReference),
  }
}

/** Joins the lines of one text: without a blank where every line but the last was cut at the same known length. */
export function joinLines(lines: string[]): string {
  const length = lines[0]?.length ?? 0
  const wasCut =
    lines.length > 1 && CUT_LENGTHS.has(length) && lines.slice(0, -1).every((line) => line.length === length)
  return cleanText(lines.join(wasCut ? '' : ' '))
}
