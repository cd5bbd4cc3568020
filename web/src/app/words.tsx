import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { en, type Words } from '../words/en/index.ts'

/** Languages by their folders: another one is a folder more, and a line here. */
const FILES: Record<string, () => Promise<Words>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import('../words/de/index.ts')).de,
}
export const LANGUAGES = Object.keys(FILES)

interface Spoken {
  language: string
  /** What dates, numbers and amounts are written by: the browser's, where it speaks the language. */
  locale: string
  words: Words
  speak(language: string): void
}

const LANGUAGE_KEY = 'payymo.language'
const Context = createContext<Spoken | undefined>(undefined)

function preferred(): string {
  const kept = localStorage.getItem(LANGUAGE_KEY)
  const wanted = [...(kept === null ? [] : [kept]), ...navigator.languages].map((tag) => tag.slice(0, 2))
  return wanted.find((language) => language in FILES) ?? 'en'
}

export function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferred)
  const [words, setWords] = useState<Words | undefined>(language === 'en' ? en : undefined)
  useEffect(() => {
    let current = true
    void FILES[language]!().then((read) => current && setWords(read))
    document.documentElement.lang = language
    return () => {
      current = false
    }
  }, [language])
  if (!words) return null
  const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language
  const speak = (next: string) => {
    localStorage.setItem(LANGUAGE_KEY, next)
    setLanguage(next)
  }
  return <Context value={{ language, locale, words, speak }}>{children}</Context>
}

export function useSpoken(): Spoken {
  const spoken = useContext(Context)
  if (!spoken) throw new Error('outside of Speaking')
  return spoken
}

export const useWords = (): Words => useSpoken().words
