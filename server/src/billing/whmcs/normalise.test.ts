import { describe, expect, it } from 'vitest'
import { assert as hold, bigInt, constantFrom, property } from 'fast-check'
import { formatAmount } from '../../base/money.ts'
import { day, digestOf, idText, money, plainText, rowsOf, wholeNumber } from './normalise.ts'

describe('rowsOf', () => {
  const a = { id: '1' }
  const b = { id: '2' }
  it.each([
    ['a list', { item: [a, b] }, [a, b]],
    ['a single bare object', { item: a }, [a]],
    ['an object with numeric keys', { item: { 0: a, 1: b } }, [a, b]],
    ['a flat list', [a, b], [a, b]],
    ['a flat object with numeric keys', { 0: a, 1: b }, [a, b]],
    ['an empty text', '', []],
    ['an empty list', [], []],
    ['an empty object', {}, []],
    ['an empty inner list', { item: [] }, []],
    ['an empty inner text', { item: '' }, []],
    ['no wrapper', undefined, []],
    ['null', null, []],
  ])('reads %s', (_, wrapper, rows) => {
    expect(rowsOf(wrapper, 'item')).toEqual(rows)
  })

  it.each([
    ['a text', 'none'],
    ['other keys', { rows: [a] }],
    ['texts as rows', { item: ['x'] }],
    ['a number', 3],
  ])('never takes %s for an empty list', (_, wrapper) => {
    expect(() => rowsOf(wrapper, 'item')).toThrow(expect.objectContaining({ code: 'unreadable' }))
  })
})

describe('money', () => {
  it.each([
    ['15.95', 'EUR', 1595n],
    ['-5.00', 'EUR', -500n],
    ['15', 'EUR', 1500n],
    ['1500.00', 'JPY', 1500n],
    ['9007199254740993.00', 'JPY', undefined],
    ['9007199254.99', 'USD', 900719925499n],
    ['1,500.00', 'EUR', undefined],
    ['$15.95', 'EUR', undefined],
    ['108.50', 'JPY', undefined],
    ['1.5e3', 'EUR', undefined],
    ['', 'EUR', undefined],
  ])('reads %s %s', (text, currency, minor) => {
    const read = () => money({ total: text }, 'total', currency)
    if (minor === undefined) expect(read).toThrow(expect.objectContaining({ code: 'unreadable', subject: 'total' }))
    else expect(read()).toBe(minor)
  })

  it('gives back every amount it is given, digit for digit', () => {
    hold(
      property(
        bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
        constantFrom('EUR', 'KWD', 'JPY'),
        (minor, currency) => {
          const within = currency === 'JPY' ? minor / 1000n : minor
          expect(money({ total: formatAmount(within, currency) }, 'total', currency)).toBe(within)
        },
      ),
    )
  })
})

describe('day', () => {
  it.each([
    ['2025-04-10', '2025-04-10'],
    ['2025-04-10 23:59:59', '2025-04-10'],
    ['0000-00-00', null],
    ['0000-00-00 00:00:00', null],
    ['-0001-11-30 00:00:00', null],
    ['2025-02-30', null],
    ['', null],
    [null, null],
    ['10/04/2025', null],
  ])('reads %s', (text, read) => {
    expect(day({ date: text }, 'date')).toBe(read)
  })
})

describe('texts and ids', () => {
  it.each([
    ['Smith &amp; Sons', 'Smith & Sons'],
    ['O&#039;Neil', "O'Neil"],
    ['&quot;Caf&eacute;&quot; &#x20AC;', '"Café" €'],
    ['AT&T', 'AT&T'],
    ['R&copy', 'R&copy'],
    ['&amp;amp;', '&amp;'],
    ['a\0b\ud800', 'a\uFFFDb\uFFFD'],
    [null, ''],
  ])('decodes %j once', (text, read) => {
    expect(plainText(text)).toBe(read)
  })

  it('reads ids strictly', () => {
    expect(idText({ id: '12' }, 'id')).toBe('12')
    expect(idText({ id: '0' }, 'id')).toBeNull()
    expect(idText({}, 'id')).toBeNull()
    for (const id of ['12a', '-1', '1.0', '1e3', ' 1', true, {}.constructor]) {
      expect(() => wholeNumber({ id }, 'id')).toThrow(expect.objectContaining({ code: 'unreadable' }))
    }
  })

  it('digests alike whatever the order of fields, and differently for any change', () => {
    expect(digestOf({ id: '1', total: '5.00' })).toBe(digestOf({ total: '5.00', id: '1' }))
    expect(digestOf({ id: '1', total: '5.00' })).not.toBe(digestOf({ id: '1', total: '5.01' }))
    expect(digestOf({ id: '1', total: '5.00' })).not.toBe(digestOf({ id: '1', total: '5.00', note: '' }))
  })
})
