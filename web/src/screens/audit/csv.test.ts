import { describe, expect, it } from 'vitest'
import { toCsv } from './csv.ts'

describe('toCsv', () => {
  it('quotes what would break a row', () => {
    expect(toCsv([['a', 'b,c', 'say "hi"', 'two\nlines']])).toBe('a,"b,c","say ""hi""","two\nlines"\r\n')
  })
  it('lets no spreadsheet run a formula', () => {
    expect(toCsv([['=1+1', '+4', '-4', '@x', 'a=b']])).toBe("'=1+1,'+4,'-4,'@x,a=b\r\n")
  })
})
