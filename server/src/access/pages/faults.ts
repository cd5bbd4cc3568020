import { AppError } from '../../base/errors.ts'
import { WEAKNESSES } from '../people/password-rules.ts'
import type { Language } from './language.ts'
import { type SignInFault, signInFaultOf, signInFaultWords, statusOfSignInFault } from './sign-in-fault.ts'
import { type EntryFault, wordsOf } from './words.ts'

export type PageFault = SignInFault | EntryFault

/** What to tell on the page again; undefined for what the page cannot mend: it goes on as an error. */
export function pageFaultOf(error: AppError): PageFault | undefined {
  if (error.code === 'resource_conflict') return 'changed'
  if (error.code !== 'validation_failed') return signInFaultOf(error)
  const issue = error.details.find(({ field }) => field === 'password')?.issue
  if (issue === undefined) return undefined
  const kinds = Object.entries(WEAKNESSES) as [keyof typeof WEAKNESSES, string][]
  return kinds.find(([, words]) => words === issue)?.[0] ?? 'weak'
}

/** Whether the link itself is what does not hold. */
export const isDeadLink = (error: unknown): boolean =>
  error instanceof AppError && error.details.some(({ field }) => field === 'token')

const isEntryFault = (fault: PageFault): fault is EntryFault => Object.hasOwn(wordsOf('en').faults, fault)

export const pageFaultWords = (language: Language, fault: PageFault): string =>
  isEntryFault(fault) ? wordsOf(language).faults[fault] : signInFaultWords(language, fault)

export const statusOfPageFault = (fault: PageFault): number =>
  fault === 'changed' ? 409 : isEntryFault(fault) ? 422 : statusOfSignInFault(fault)
