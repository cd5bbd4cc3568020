import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { common } from '../words/en/common.ts'
import { en } from '../words/en/index.ts'

const APP = fileURLToPath(new URL('.', import.meta.url))
/** Where something is fetched with its words. */
const FETCHED = /(?:lazyScreen|withWords)\(\s*\(\) => import\('([^']+)'\)(?:,\s*'\w+')?(?:,\s*\[([^\]]*)\])?/g
const sections = Object.keys(en).filter((section) => !(section in common))

const fetched = ['router.tsx', 'account.tsx', 'search.tsx'].flatMap((file) =>
  [...readFileSync(`${APP}${file}`, 'utf8').matchAll(FETCHED)].map(([, entry, says]) => ({
    entry: entry!,
    says: [...(says ?? '').matchAll(/'(\w+)'/g)].map(([, section]) => section!),
  })),
)

/** The file, and what it imports at once. */
function filesOf(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry) || entry.includes('/words/') || !existsSync(entry)) return found
  found.add(entry)
  for (const [, to] of readFileSync(entry, 'utf8').matchAll(/^(?:import|export)[^;'"]*?from '(\.[^']+)'/gms))
    filesOf(resolve(dirname(entry), to!), found)
  return found
}

/** Sections that the text names: `words.review`, or taken out of all words. */
const saidIn = (text: string): string[] =>
  sections.filter((section) =>
    new RegExp(
      `(?:\\bwords|useWords\\(\\))\\.${section}\\b|\\{[^{}]*\\b${section}\\b[^{}]*\\} = (?:words|useWords\\(\\))(?!\\.)`,
    ).test(text),
  )

const filesIn = (language: string): string[] =>
  readdirSync(`${APP}../words/${language}`).filter((file) => file !== 'index.ts' && !file.endsWith('.test.ts'))

describe('a language', () => {
  it('has the files that English has', () => {
    expect(filesIn('de')).toEqual(filesIn('en'))
  })
})

describe('what is fetched with a screen', () => {
  it.each(fetched)('$entry brings the words it says', ({ entry, says }) => {
    const said = [...filesOf(resolve(APP, entry))].flatMap((file) =>
      saidIn(
        readFileSync(file, 'utf8')
          // Where `words` is one section, what follows is no section.
          .replaceAll(/const words = useWords\(\)\.\w+[\s\S]*/g, (rest) => rest.replaceAll(/\bwords\./g, 'own.')),
      ),
    )
    expect([...new Set(said)].filter((section) => !says.includes(section))).toEqual([])
  })

  it('is known of every screen', () => {
    expect(fetched.length).toBeGreaterThan(25)
  })
})
