import type { Habits } from './habits.ts'
import type { SeedTransaction } from './seed.ts'

/** The remittance fields of one entry: the text as the payer wrote it, put where and how this bank puts it. */
export function writeText(
  tx: SeedTransaction,
  pending: boolean,
  incoming: boolean,
  habits: Habits,
): Record<string, unknown> {
  const written = linesOf(tx, pending, incoming, habits)
  const lines = habits.wrapAt > 0 ? written.flatMap((line) => wrapped(line, habits.wrapAt)) : written
  const whole = (habits.wrapAt > 0 ? lines.join(' ') : lines.join('\n')).slice(0, habits.cutAt)
  const name = tx.counterparty?.name
  const additional = habits.names === 'additional' ? [name, tx.additional].filter(Boolean).join(', ') : tx.additional
  const fields: Record<string, unknown> = {
    endToEndId: tx.endToEndId ?? (habits.noise === 'end_to_end_line' ? 'NOTPROVIDED' : undefined),
    remittanceInformationStructured: tx.structured,
    additionalInformation: additional === '' ? undefined : additional,
  }
  if (lines.length === 0) return fields
  switch (habits.text) {
    case 'array':
      return { ...fields, remittanceInformationUnstructuredArray: lines }
    case 'both':
      return { ...fields, remittanceInformationUnstructured: whole, remittanceInformationUnstructuredArray: lines }
    case 'structured':
      return { ...fields, remittanceInformationStructured: tx.structured ?? whole }
    case 'labelled': {
      const mandate = tx.mandateId === undefined ? '' : `mandatereference:${tx.mandateId},`
      return { ...fields, remittanceInformationUnstructured: `${mandate}creditorid:,remittanceinformation:${whole}` }
    }
    default:
      return { ...fields, remittanceInformationUnstructured: whole }
  }
}

function linesOf(tx: SeedTransaction, pending: boolean, incoming: boolean, habits: Habits): string[] {
  let lines = tx.text === undefined || tx.text === '' ? [] : [tx.text].flat()
  if (pending && habits.pendingText === 'replace') return ['Noch nicht gebuchter Umsatz']
  const name = tx.counterparty?.name
  if (habits.names === 'text' && name !== undefined)
    lines = [`${incoming ? 'TRANSF DE' : 'TRANSF A'} ${name}`, ...lines]
  if (habits.dates === 'in_text') {
    const [year, month, day] = (tx.bookingDate ?? tx.valueDate ?? '').split('-')
    if (day !== undefined) lines = [`${day}.${month}.${year} ${lines[0] ?? ''}`.trim(), ...lines.slice(1)]
  }
  if (pending && habits.pendingText === 'prefix') lines = [`PENDING: ${lines[0] ?? ''}`.trim(), ...lines.slice(1)]
  if (habits.noise === 'end_to_end_line' && tx.endToEndId === undefined) lines = [...lines, 'EndToEndID: NOTPROVIDED']
  if (habits.noise === 'slashes') lines = lines.map((line) => `/Txt/${line.replaceAll(' ', ';')}`)
  return lines
}

/** Broken after so many characters, wherever that falls: the way banks split invoice numbers. */
const wrapped = (line: string, width: number): string[] =>
  line.length <= width ? [line] : [line.slice(0, width), ...wrapped(line.slice(width), width)]
