import { expect, test } from 'vitest'
import { aheadIn, type Measures } from './matching-compare.ts'

const engine: Measures = {
  name: 'engine',
  coverage: 95,
  ofDecidable: 90,
  precision: 99.9,
  bound: 99.8,
  wrong: 1,
  applied: 1_000,
  nothingDue: 0,
  first: 99,
  three: 99.5,
  refused: 98,
  calibrationError: 0.01,
}

test.each<[string, Partial<Measures>, string[]]>([
  ['the same in all', {}, []],
  ['surer and shyer', { precision: 100, coverage: 10, ofDecidable: 9 }, []],
  ['bolder and worse', { precision: 90, coverage: 99, ofDecidable: 99 }, []],
  ['as sure and bolder', { coverage: 96 }, ['precision and coverage together']],
  [
    'surer than us, and bolder by the lower of our measures',
    { precision: 99.95, coverage: null, ofDecidable: 91 },
    ['precision and coverage together'],
  ],
  ['applies nothing', { precision: null, coverage: 0, ofDecidable: 0 }, []],
  [
    'better suggestions',
    { first: 99.1, three: 99.6, precision: 50 },
    ['first suggestions', 'the first three suggestions'],
  ],
])('who is ahead: %s', (_what, other, leads) => {
  const same = { ...engine, coverage: engine.coverage, ofDecidable: null }
  expect(aheadIn({ ...same, coverage: 90, ...other }, engine)).toEqual(leads)
})
