import { AppError } from '../base/errors.ts'
import { type AccountPart, joinParts } from './account-parts.ts'
import { readCamt } from './camt.ts'
import { readCsv } from './csv.ts'
import { decodeText } from './decode-text.ts'
import { isMt940, readMt940 } from './mt940.ts'
import { isOfx, readOfx } from './ofx.ts'
import { type Parsed, type Reading, type ReadOptions, reading } from './reading.ts'
import type { Statement } from './types.ts'
import { isZip, unzip } from './unzip.ts'

/** The formats in the order in which they are tried; CSV has no mark of its own and comes last. */
const READERS: { is: (text: string) => boolean; read: (text: string, reading: Reading) => Parsed }[] = [
  { is: isOfx, read: readOfx },
  { is: (text) => /^\s*</.test(text.slice(0, 1_000)), read: readCamt },
  { is: isMt940, read: readMt940 },
  { is: () => true, read: readCsv },
]

/** Reads a statement file of any supported format, also several in a ZIP. The format is told by the content, never by a name.
 *  Throws `validation_failed` with the format that was guessed and the line when nothing can be read; a faulty row is
 *  rejected with its line and the rest is read. Runs in the calling thread: files from outside go through `parseInWorker`. */
export function readStatement(bytes: Uint8Array, options: ReadOptions = {}): Statement {
  const files = isZip(bytes) ? unzip(bytes) : [{ name: '', bytes }]
  if (files.length === 0) throw new AppError('validation_failed', 'The ZIP holds no file.')
  const parsed = files.map((file) => readFile(file, options))
  const first = parsed.toSorted((a, b) => rank(a) - rank(b))[0]!
  const joined = joinParts(withoutRepeats(parsed))
  return {
    format: first.format,
    accounts: joined.accounts,
    rejected: [...parsed.flatMap((one) => one.rejected), ...joined.rejected],
    ...(first.mapping === undefined ? {} : { mapping: first.mapping }),
  }
}

function readFile(file: { name: string; bytes: Uint8Array }, options: ReadOptions): Parsed {
  const within = file.name === '' ? '' : `${file.name.slice(0, 100)}: `
  try {
    const text = decodeText(file.bytes)
    if (text.trim() === '') throw new AppError('validation_failed', 'The file is empty.')
    const parsed = READERS.find((reader) => reader.is(text))!.read(text, reading(options))
    return { ...parsed, rejected: parsed.rejected.map(({ line, reason }) => ({ line, reason: within + reason })) }
  } catch (error) {
    if (within !== '' && error instanceof AppError)
      throw new AppError(error.code, within + error.message, { cause: error })
    throw error
  }
}

/** Statements before reports and notifications, which only repeat them. */
const rank = (parsed: Parsed): number =>
  ['camt.053', 'mt940', 'ofx', 'csv', 'camt.052', 'camt.054'].indexOf(parsed.format)

/** In one archive, an entry of a report or notification whose bank reference a statement holds adds no money. */
function withoutRepeats(parsed: Parsed[]): AccountPart[] {
  if (new Set(parsed.map((one) => one.format)).size === 1) return parsed.flatMap((one) => one.parts)
  const known = new Set<string>()
  return parsed
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((one) => {
      const repeats = (part: AccountPart, id: { kind: string; value: string }) =>
        id.kind.endsWith('_ref') && known.has(`${part.account}|${id.value}`)
      const parts = one.parts.map((part) => ({
        ...part,
        entries: part.entries.filter((entry) => !entry.bankIds.some((id) => repeats(part, id))),
      }))
      for (const part of parts) {
        for (const entry of part.entries) for (const id of entry.bankIds) known.add(`${part.account}|${id.value}`)
      }
      return parts
    })
}
