import { AppError } from '../base/errors.ts'
import { type CsvMapping, parseInWorker, type ParseOptions, type Statement } from '../statements/index.ts'
import type { RememberedMapping } from './import-queries.ts'

/** Reads the file in a thread of its own. A mapping given now decides. One that a person gave earlier for this account comes
 *  before recognition, unless recognition reads more rows, for then the bank has changed its export. What was recognised
 *  earlier only helps where the file alone can be read in two ways. Throws `validation_failed`. */
export async function parseUpload(
  bytes: Uint8Array,
  currency: string | undefined,
  given: CsvMapping | undefined,
  remembered: RememberedMapping | undefined,
): Promise<Statement> {
  const read = (mapping?: CsvMapping): Promise<Statement> => {
    const options: ParseOptions = {
      ...(mapping === undefined ? {} : { mapping }),
      ...(currency === undefined ? {} : { currency }),
    }
    return parseInWorker(bytes, options)
  }
  if (given || !remembered) return read(given)
  if (!remembered.given) {
    const recognised = await attempt(() => read())
    if (!(recognised instanceof AppError)) return recognised
    const helped = await attempt(() => read(remembered.mapping))
    if (helped instanceof AppError) throw recognised
    return helped
  }
  const asSaid = await attempt(() => read(remembered.mapping))
  if (!(asSaid instanceof AppError) && asSaid.rejected.length === 0) return asSaid
  const recognised = await attempt(() => read())
  if (recognised instanceof AppError) {
    if (asSaid instanceof AppError) throw recognised
    return asSaid
  }
  return asSaid instanceof AppError || recognised.rejected.length < asSaid.rejected.length ? recognised : asSaid
}

/** The outcome, or the refusal of a file that cannot be read so. */
async function attempt(work: () => Promise<Statement>): Promise<Statement | AppError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && error.code === 'validation_failed') return error
    throw error
  }
}
