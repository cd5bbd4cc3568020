import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
import { hashOf, KeyTable } from './key-table.ts'

it('numbers texts in the order in which they first come', () => {
  fc.assert(
    fc.property(fc.array(anyText({ maxLength: 12 }), { maxLength: 300 }), (texts) => {
      const table = new KeyTable()
      const told = texts.map((text) => table.add(text))
      const distinct = [...new Set(texts)]
      expect(told).toEqual(texts.map((text) => distinct.indexOf(text)))
      expect(table.size).toBe(distinct.length)
      expect(distinct.map((text) => table.numberOf(text))).toEqual(distinct.map((_, number) => number))
    }),
  )
})

it.each(['', '__proto__', 'constructor', 'A'.repeat(4_000)])('holds %j only where it was added', (text) => {
  const table = new KeyTable()
  table.add('X')
  expect(table.numberOf(text)).toBe(-1)
  expect(table.add(text)).toBe(1)
  expect(table.numberOf(text)).toBe(1)
})

it('finds texts that all want one place, and others beside them', () => {
  const crowd: string[] = []
  for (let at = 0; crowd.length < 300; at += 1) if ((hashOf(`N${at}`) & 1023) === 7) crowd.push(`N${at}`)
  const table = new KeyTable()
  for (const text of crowd) table.add(text)
  for (let at = 0; at < 2_000; at += 1) table.add(`OTHER ${at}`)
  expect(crowd.map((text) => table.numberOf(text))).toEqual(crowd.map((_, number) => number))
  expect(table.numberOf('OTHER 1999')).toBe(2_299)
  expect(table.numberOf('N')).toBe(-1)
})
