import { AppError } from '../base/errors.ts'

/** A fault of a file in a sentence that names it. */
export function fileFault(file: string, error: unknown): unknown {
  if (error instanceof AppError)
    return new AppError(error.code, `${file}: ${error.message}`, { details: error.details, cause: error })
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return new AppError('validation_failed', `${file}: there is no such file.`, { cause: error })
  if (code === 'EISDIR')
    return new AppError('validation_failed', `${file}: it is a folder, not a file.`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('validation_failed', `${file}: it may not be read.`, { cause: error })
  // Anything else the system says, such as ENOTDIR or ENAMETOOLONG.
  if (code !== undefined && error instanceof Error && 'syscall' in error)
    return new AppError('validation_failed', `${file}: it cannot be read (${code}).`, { cause: error })
  return error
}
