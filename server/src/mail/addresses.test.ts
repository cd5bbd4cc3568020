import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { checkAddress, isAddress, plainSubject, readSender } from './addresses.ts'
import { compose } from './compose.ts'
import { withLinks } from './to-html.ts'

describe('addresses', () => {
  it.each(['ann@example.com', "o'neil+tag@sub.example.co.uk", 'zoë@bücher.example', 'a@localhost'])(
    'takes %s',
    (text) => {
      expect(isAddress(text)).toBe(true)
    },
  )

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'a@b@c',
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com\nBcc: eve@example.com',
    'ann@example.com, eve@example.com',
    'ann@example.com;eve@example.com',
    'Ann <ann@example.com>',
    'ann@example.com> SIZE=1',
    'ann @example.com',
    'ann@exa\u0000mple.com',
    'ann@exa\u2028mple.com',
    'ann@exa\u200bmple.com',
    `${'a'.repeat(250)}@example.com`,
  ])('refuses %j', (text) => {
    expect(() => checkAddress(text)).toThrow(expect.objectContaining({ code: 'validation_failed' }))
  })

  it('reads MAIL_FROM, and refuses to start with nonsense', () => {
    expect(readSender('Payymo <no-reply@example.com>')).toEqual({ name: 'Payymo', address: 'no-reply@example.com' })
    expect(readSender('"Pay, mo" <a@b.c>')).toEqual({ name: 'Pay, mo', address: 'a@b.c' })
    expect(readSender('a@b.c')).toEqual({ name: '', address: 'a@b.c' })
    for (const text of ['', 'Payymo', 'Payymo <x>', 'a@b.c, d@e.f']) expect(() => readSender(text)).toThrow('MAIL_FROM')
  })
})

const hostile = fc.string({
  unit: fc.constantFrom(
    'a',
    'ß',
    '\r',
    '\n',
    '\r\n',
    ':',
    ' ',
    '\t',
    '\u2028',
    '\0',
    '=?',
    '?=',
    '"',
    '<',
    '>',
    '&',
    ',',
  ),
})

describe('headers', () => {
  it('are the same few, whatever subject, text and name of the product say', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (subject, text, name) => {
        const { bytes } = await compose({
          id: '0195d6a4-0000-7000-8000-000000000001',
          queuedAt: new Date('2026-03-01T12:00:00Z'),
          from: { name, address: 'no-reply@payymo.test' },
          to: 'ann@example.com',
          subject: plainSubject(`x ${subject}\r\nBcc: eve@example.com\r\n\r\nbody`),
          text: `x${text}`,
        })
        const mail = await simpleParser(bytes)
        expect([...mail.headers.keys()].sort()).toEqual([
          'auto-submitted',
          'content-type',
          'date',
          'from',
          'message-id',
          'mime-version',
          'subject',
          'to',
        ])
        expect(
          [mail.to, mail.from].map((of) => [of].flat().flatMap((one) => one!.value.map((who) => who.address))),
        ).toEqual([['ann@example.com'], ['no-reply@payymo.test']])
      }),
      { numRuns: 60 },
    )
  })

  it('have a subject of one line and of bounded length', () => {
    expect(plainSubject('  a\r\n b\u2029c\u0007 ')).toBe('a b c')
    expect(plainSubject('x'.repeat(500))).toHaveLength(200)
  })
})

describe('HTML', () => {
  it('never holds more markup than the links we make', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = withLinks(`${text} https://a.test/${text}`)
        expect(html.replaceAll(/<a href="[^"<>]*" rel="noreferrer noopener">|<\/a>/g, '')).not.toMatch(/[<>"]/)
      }),
    )
  })
})
