import { createContext, type ReactNode, Suspense, useContext, useEffect, useState } from 'react'
import type { Words } from '../words/en/index.ts'
import { keepLanguage, preferredLanguage, speakLanguage, wordsAtOnce } from './word-store.ts'

interface Spoken {
  language: string
  /** What dates, numbers and amounts are written by: the browser's, where it speaks the language. */
  locale: string
  words: Words
  speak(language: string): void
}

const Context = createContext<Spoken | undefined>(undefined)

export function Speaking({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState(() => {
    const language = preferredLanguage()
    return { language, words: wordsAtOnce(language) }
  })
  const { language, words } = spoken
  useEffect(() => {
    document.documentElement.lang = language
    if (words) return
    // Out of reach: better in English than not at all.
    void speakLanguage(language).then(
      (read) => setSpoken({ language, words: read }),
      () => setSpoken({ language: 'en', words: wordsAtOnce('en') }),
    )
  }, [language, words])
  if (!words) return null
  const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language
  const speak = async (next: string) => {
    try {
      const read = await speakLanguage(next)
      keepLanguage(next)
      setSpoken({ language: next, words: read })
    } catch {
      // Out of reach: what is read now stays readable.
    }
  }
  return (
    <Context value={{ language, locale, words, speak: (next) => void speak(next) }}>
      <Suspense>{children}</Suspense>
    </Context>
  )
}

export function useSpoken(): Spoken {
  const spoken = useContext(Context)
  if (!spoken) throw new Error('outside of Speaking')
  return spoken
}

export const useWords = (): Words => useSpoken().words
