import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexNames } from './name-index.ts'
import { nameWords } from './name-words.ts'
import { findNames } from './names.ts'

const same = (names: readonly string[]): string[] => [...new Set(names.map((name) => nameWords(name).join(' ')))]

test.each([
  [
    'Germany',
    [
      'Nordwind GmbH',
      'Nordwind G.m.b.H.',
      'NORDWIND GMBH & CO. KG',
      'Nordwind Gmb H',
      'Nordwind UG (haftungsbeschränkt)',
      'Nordwind',
    ],
  ],
  ['Austria', ['Nordwind GesmbH', 'Nordwind OG', 'Nordwind e.U.']],
  [
    'France',
    [
      'Nordwind S.A.R.L.',
      'Nordwind SARL',
      'SAS Nordwind',
      'Nordwind Société à responsabilité limitée',
      'Nordwind EURL',
    ],
  ],
  ['Luxembourg', ['Nordwind S.à r.l.', 'Nordwind SARL-S', 'Nordwind S.A.']],
  [
    'Italy',
    [
      'Nordwind S.r.l.',
      'Nordwind SRLS',
      'Nordwind S.p.A.',
      'Nordwind S.n.c.',
      'Nordwind Società a responsabilità limitata',
    ],
  ],
  ['Spain', ['Nordwind, S.L.', 'Nordwind SLU', 'Nordwind S.L.L.', 'Nordwind Sociedad Limitada']],
  ['Portugal', ['Nordwind, Lda.', 'Nordwind Unipessoal, LDA']],
  [
    'Poland',
    [
      'Nordwind Sp. z o.o.',
      'Nordwind SP ZOO',
      'Nordwind spzoo',
      'Nordwind Spółka z ograniczoną odpowiedzialnością',
      'Nordwind Sp. z o.o. Sp.k.',
    ],
  ],
  [
    'Czechia',
    [
      'Nordwind s.r.o.',
      'Nordwind sro',
      'Nordwind, spol. s r.o.',
      'Nordwind v.o.s.',
      'Nordwind společnost s ručením omezeným',
    ],
  ],
  ['Hungary', ['Nordwind Kft.', 'Nordwind Zrt', 'Nordwind Nyrt.', 'Nordwind Korlátolt Felelősségű Társaság']],
  ['Croatia', ['Nordwind d.o.o.', 'Nordwind DOO', 'Nordwind j.d.o.o.', 'Nordwind društvo s ograničenom odgovornošću']],
  ['Bulgaria', ['Нордвинд ЕООД', 'Нордвинд ООД', 'Нордвинд АД', 'Нордвинд']],
  ['Romania', ['S.C. Nordwind S.R.L.', 'Nordwind SRL-D', 'Nordwind PFA']],
  ['Greece', ['Nordwind Α.Ε.', 'Nordwind ΕΠΕ', 'Nordwind Μον. ΙΚΕ', 'Nordwind']],
  ['Turkey', ['Nordwind A.Ş.', 'Nordwind Ltd. Şti.', 'Nordwind San. ve Tic. Ltd. Şti.', 'Nordwind Anonim Şirketi']],
  ['Ukraine', ['ТОВ Нордвинд', 'ФОП Нордвинд', 'ТзОВ «Нордвинд»', 'Товариство з обмеженою відповідальністю Нордвинд']],
  ['the Nordics', ['Nordwind A/S', 'Nordwind ApS', 'Nordwind Oy Ab', 'Nordwind AB', 'Nordwind ehf.', 'Nordwind ENK']],
  ['the Baltics', ['OÜ Nordwind', 'SIA Nordwind', 'UAB „Nordwind“', 'Nordwind Sabiedrība ar ierobežotu atbildību']],
  ['Mexico', ['Nordwind S.A. de C.V.', 'Nordwind SA de CV', 'Nordwind SAPI de CV', 'Nordwind S. de R.L. de C.V.']],
  ['Brazil', ['Nordwind Ltda.', 'Nordwind EIRELI', 'Nordwind LTDA EPP']],
  [
    'Asia',
    [
      'Nordwind Sdn Bhd',
      'Nordwind SdnBhd',
      'Nordwind Pte. Ltd.',
      'Nordwind Pvt Ltd',
      'Nordwind Private Limited',
      'Nordwind Co., Ltd.',
      'Nordwind K.K.',
    ],
  ],
  ['the Gulf', ['Nordwind FZE', 'Nordwind FZCO', 'Nordwind W.L.L.', 'Nordwind FZ-LLC', 'Nordwind PJSC']],
])('a name without its legal form: %s', (_, names) => {
  expect(same(names)).toEqual(same([names.some((name) => name.includes('Нордвинд')) ? 'Нордвинд' : 'Nordwind']))
})

test('forms that have no blank beside them', () => {
  expect(same(['株式会社テスト', 'テスト株式会社', '㈱テスト', '(株)テスト', 'テスト'])).toHaveLength(1)
  expect(same(['深圳云主机有限公司', '深圳云主机'])).toHaveLength(1)
  expect(nameWords('株式会社テスト')).toEqual(nameWords('テスト'))
})

test('a name that is nothing but a form is a name', () => {
  for (const name of ['As', 'Co', 'Ad', 'Sá', 'BSC GmbH', 'AS AS', 'Zoo', 'Sas', 'SIA', 'Société Anonyme'])
    expect(nameWords(name), name).not.toEqual([])
  for (const name of ['GmbH', 'Ltd.', 'Mr', 'S.A.', 'M.', 'KG']) expect(nameWords(name), name).toEqual([])
})

test('a family name that a firm has as its form stays in a name of a person', () => {
  const index = indexNames([
    { id: '1', name: 'Jan Vos', company: '', email: '' },
    { id: '2', name: 'Jan Bakker', company: 'Stavby v.o.s.', email: '' },
    { id: '3', name: 'Ana Ruiz', company: 'Nordwind VOS', email: '' },
  ])
  const found = (text: string): string[][] => findNames(index, text, true).map(({ clientId, fit }) => [clientId, fit])
  expect(found('Jan Vos')).toEqual([['1', 'full']])
  expect(found('Vos, Jan')).toEqual([['1', 'full']])
  expect(found('Nordwind')).toEqual([['3', 'full']])
  expect(found('NORDWIND VOS')).toEqual([['3', 'full']])
  expect(found('Stavby')).toEqual([['2', 'full']])
  expect(found('Jan')).toEqual([])
  expect(found('As')).toEqual([])
})

test('a client whose name is a form is found by its payer, and by nobody else', () => {
  const index = indexNames([{ id: '1', name: '', company: 'BSC GmbH', email: '' }])
  expect(findNames(index, 'BSC', true)).toMatchObject([{ clientId: '1', fit: 'full' }])
  expect(findNames(index, 'Nordwind BSC', true)).toEqual([])
  expect(findNames(index, 'GmbH', true)).toEqual([])
})

test('a form beside a name changes nothing, and never leaves a name empty', () => {
  const form = fc.constantFrom(
    'GmbH',
    'S.r.l.',
    'Sp. z o.o.',
    's.r.o.',
    'SA de CV',
    'Sdn. Bhd.',
    'A.Ş.',
    'ООО',
    'Oy',
    'Pty Ltd',
    'K.K.',
    'd.o.o.',
  )
  const word = fc.stringMatching(/^[A-Z][a-z]{4,9}$/)
  fc.assert(
    fc.property(word, form, (name, end) => {
      expect(nameWords(`${name} ${end}`)).toEqual(nameWords(name))
      expect(nameWords(name)).not.toEqual([])
    }),
  )
})
