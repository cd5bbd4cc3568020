import { expect, it } from 'vitest'
import { textTable } from './text-table.ts'

it('pads cells, numbers to the right', () => {
  expect(
    textTable(
      [
        ['name', 'count'],
        ['one', '7'],
      ],
      [1],
    ),
  ).toBe('name  count\none       7\n')
})

it('a name moves no cursor, clears no screen, breaks no line and turns nothing around', () => {
  expect(textTable([['a\x1b[2J\r\nb\u009b1m\u202ec', 'x']])).toBe('a·[2J··b·1m·c  x\n')
})
