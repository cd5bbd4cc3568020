import { describe, expect, it } from 'vitest'
import { answerText } from './answer-text.ts'

describe('answerText', () => {
  it.each([
    ['plain', Buffer.from('ok'), 'ok'],
    ['empty', Buffer.alloc(0), ''],
    ['NUL', Buffer.from('a\0b\0'), 'ab'],
    ['no UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x62]), 'a\ufffd\ufffdb'],
    ['half a character', Buffer.from('é').subarray(0, 1), '\ufffd'],
    ['half a surrogate pair in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd'],
  ])('%s', (_name, body, text) => {
    expect(answerText(body)).toBe(text)
  })

  it('keeps 1,000 characters and cuts none in two', () => {
    expect(answerText(Buffer.from('x'.repeat(1001)))).toBe('x'.repeat(1000))
    expect(answerText(Buffer.from(`${'x'.repeat(999)}🦊🦊`))).toBe(`${'x'.repeat(999)}🦊`)
  })
})
