import type { World } from './matching-habits-world.ts'

/** How numbers go wrong between the paper and the bank. */

const beside: Readonly<Record<string, string>> = {
  0: '9',
  1: '2',
  2: '13',
  3: '24',
  4: '35',
  5: '46',
  6: '57',
  7: '68',
  8: '79',
  9: '80',
}

const digitPlaces = (text: string): number[] => [...text].flatMap((one, at) => (/\d/.test(one) ? [at] : []))

const replaceAt = (text: string, at: number, length: number, by: string): string =>
  text.slice(0, at) + by + text.slice(at + length)

/** Slips happen anywhere among the last digits: nobody mistypes the year every time. */
const place = (world: World, text: string, last = 4): number => world.pick(digitPlaces(text).slice(-last))

export const slips: readonly (readonly [name: string, slip: (world: World, number: string) => string])[] = [
  [
    'neighbouring key',
    (world, text) => {
      const at = place(world, text)
      return replaceAt(text, at, 1, world.pick([...(beside[text[at] ?? ''] ?? '0')]))
    },
  ],
  [
    'doubled digit',
    (world, text) => {
      const at = place(world, text)
      return replaceAt(text, at, 1, `${text[at]}${text[at]}`)
    },
  ],
  ['dropped digit', (world, text) => replaceAt(text, place(world, text), 1, '')],
  [
    'swapped digits',
    (world, text) => {
      const places = digitPlaces(text).slice(-4, -1)
      const at = world.pick(places)
      return /\d/.test(text[at + 1] ?? '') ? replaceAt(text, at, 2, `${text[at + 1]}${text[at]}`) : text
    },
  ],
  [
    'wrong digit',
    (world, text) => {
      const at = place(world, text)
      return replaceAt(text, at, 1, String((Number(text[at]) + 1 + world.below(9)) % 10))
    },
  ],
  ['O for 0', (_world, text) => text.replace(/0/g, 'O')],
  ['wrong year', (_world, text) => text.replace(/20(2\d)/, (_all, year: string) => `20${Number(year) - 1}`)],
  [
    'blank inside',
    (world, text) => {
      const at = place(world, text, 3)
      return `${text.slice(0, at)} ${text.slice(at)}`
    },
  ],
]
