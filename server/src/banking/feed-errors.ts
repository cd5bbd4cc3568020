import { AppError } from '../base/errors.ts'
import { BankFeedError } from './bank-feed.ts'

/** Runs a call of the provider for somebody who waits; its failure becomes 502 with a stable reason. */
export async function feedError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BankFeedError)) throw error
    throw new AppError('bank_integration_error', error.message, {
      details: [{ field: 'reason', issue: error.reason }],
      cause: error,
      ...(error.notBefore
        ? { retryAfterSeconds: Math.max(1, Math.ceil((error.notBefore.getTime() - Date.now()) / 1000)) }
        : {}),
    })
  }
}
