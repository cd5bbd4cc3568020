import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldFinder } from './field-finder.ts'

const sources = [
  'SVWZ\\+|/(?:REMI|RFB|RI)/|/ ?MOTIF\\b|TYT(?:\\.|ULEM)? ?:',
  ' , |RECEIPT REF\\.|\\bDES ?:|(?<!(?:CO|IND) )\\bID ?:(?=.*\\bINDN ?:)',
  '/(?:ORDP/NAME|ORDP)/|OD ?:|ORD ?:|(?<=RECEIPT REF\\..{0,60}) FROM |ORIG CO NAME ?:',
  '\\bFP (?=\\d\\d/\\d\\d)|OR[A-F]:|[X-Z]{2}=',
]
const parts =
  'SVWZ+ /REMI/ /RFB/ /RI / MOTIF /MOTIF TYT TYTULEM TYT. : RECEIPT REF. DES ID CO IND INDN ORDP NAME OD ORD FROM ORIG FP 12/12 ORA: XY= A 1 / ,'.split(
    ' ',
  )

/** What one regular expression of all names finds: place, end, source. */
function expected(text: string): string[] {
  const all = new RegExp(sources.map((source) => `(${source})`).join('|'), 'g')
  return [...text.matchAll(all)].map((match) => {
    const group = match.findIndex((value, index) => index > 0 && value !== undefined)
    return `${match.index} ${match.index + match[0].length} ${group - 1}`
  })
}

test('finds what one regular expression of all names finds', () => {
  const finder = fieldFinder(sources)
  const texts = fc
    .array(fc.tuple(fc.constantFrom(...parts), fc.constantFrom('', ' ', '  ', 'é')), { maxLength: 14 })
    .map((list) => list.map(([part, gap]) => part + gap).join(''))
  fc.assert(
    fc.property(texts, (text) => {
      const found: string[] = []
      for (let at = finder.next(text, 0); at !== null; at = finder.next(text, at.end))
        found.push(`${at.index} ${at.end} ${at.source}`)
      expect(found).toEqual(expected(text))
    }),
    { numRuns: 2_000 },
  )
})

test('of two names at one place the first of the list counts', () => {
  const finder = fieldFinder(['AB', 'ABC'])
  expect(finder.next('xxABC', 0)).toEqual({ index: 2, end: 4, source: 0 })
  expect(finder.next('xxA', 0)).toBeNull()
})
