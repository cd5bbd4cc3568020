import { common } from '../words/en/common.ts'
import type { Words } from '../words/en/index.ts'

/** A file of words/<language>, by the name of what it exports. */
export type Section = keyof Words
type Found = Partial<Words>

/** Languages by their folders: another one is a folder more, and a line here. */
const COMMON: Record<string, () => Promise<Found>> = {
  en: () => Promise.resolve(common),
  de: async () => (await import('../words/de/common.ts')).common,
}
export const LANGUAGES = Object.keys(COMMON)

/** Everything else is fetched with the screen that speaks it. */
const FILES = import.meta.glob<Found>([
  '../words/*/*.ts',
  '!../words/*/{index,common,app,nav,states,sign-in,fresh,filters,search,alerts}.ts',
])

const LANGUAGE_KEY = 'payymo.language'
/** What is there, by language. */
const kept = new Map<string, Found>([['en', { ...common }]])
const coming = new Map<string, Promise<void>>()
/** What was ever asked for: another language brings it, too. */
const wanted = new Set<Section>()
let speaking: string | undefined

export function preferredLanguage(): string {
  const chosen = localStorage.getItem(LANGUAGE_KEY)
  const tags = [...(chosen === null ? [] : [chosen]), ...navigator.languages].map((tag) => tag.slice(0, 2))
  return tags.find((language) => language in COMMON) ?? 'en'
}

export const keepLanguage = (language: string): void => localStorage.setItem(LANGUAGE_KEY, language)

/** Fetches sections in the language that is spoken, for a screen that is about to be shown. */
export async function loadWords(sections: readonly Section[]): Promise<void> {
  for (const section of sections) wanted.add(section)
  const language = (speaking ??= preferredLanguage())
  await Promise.all(sections.map((section) => bring(language, section)))
}

/** Goes over to a language: everything that was ever shown is fetched in it. What has not been fetched when it is wanted makes React
 *  wait, as for a screen that is on its way. */
export async function speakLanguage(language: string): Promise<Words> {
  if (!kept.has(language)) kept.set(language, { ...(await COMMON[language]!()) })
  await Promise.all([...wanted].map((section) => bring(language, section)))
  speaking = language
  return wordsOf(language)
}

/** The words of a language whose common ones are there already; undefined while they are not. */
export const wordsAtOnce = (language: string): Words | undefined => (kept.has(language) ? wordsOf(language) : undefined)

const wordsOf = (language: string): Words =>
  new Proxy(kept.get(language)! as Words, {
    get: (found, name) => {
      const section = name as Section
      if (name in found || typeof name !== 'string' || !FILES[fileOf(language, section)]) return found[section]
      wanted.add(section)
      // oxlint-disable-next-line typescript/only-throw-error -- React's own way of waiting
      throw bring(language, section)
    },
  })

const fileOf = (language: string, section: Section): string => `../words/${language}/${section}.ts`

function bring(language: string, section: Section): Promise<void> {
  const file = fileOf(language, section)
  const load = FILES[file]
  if (!load || kept.get(language)?.[section]) return Promise.resolve()
  const begun = coming.get(file)
  if (begun) return begun
  const brought = (async () => {
    try {
      const found = await load()
      kept.set(language, Object.assign(kept.get(language) ?? {}, found))
    } finally {
      coming.delete(file)
    }
  })()
  coming.set(file, brought)
  return brought
}
