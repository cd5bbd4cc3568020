import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseInWorker } from './parse-in-worker.ts'
import { readStatement } from './read-statement.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const entry = (more = '') =>
  `<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-31</Dt></BookgDt>${more}</Ntry>`
const camt = (entries: string, account = '<Id><IBAN>DE05999999990000130013</IBAN></Id><Ccy>EUR</Ccy>') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Document><BkToCstmrStmt><Stmt><Id>1</Id><Acct>${account}</Acct>\n${entries}</Stmt></BkToCstmrStmt></Document>`

describe('files that mean harm or are broken', () => {
  it.each([
    [
      'a DOCTYPE with entities',
      '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol">]>\n<Document>&lol;</Document>',
      /line 2: it holds a DOCTYPE/,
    ],
    ['XML cut off', camt(entry()).slice(0, -'</Document>'.length), /line 3: the file ends inside <Document>/],
    ['XML with crossed tags', camt('<Ntry><Amt></Ntry></Amt>'), /line 3: <\/Ntry> closes <Amt>/],
    ['deep nesting', `<Document>${'<a>'.repeat(10_000)}`, /nested deeper than 64/],
    ['XML of something else', '<html><body>Sign in</body></html>', /no CAMT.053, CAMT.052 or CAMT.054/],
    ['an OFX with a DOCTYPE', 'OFXHEADER:100\n\n<!DOCTYPE OFX [<!ENTITY a "b">]>\n<OFX>', /DOCTYPE/],
    ['an OFX without a statement', '<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1></OFX>', /no bank or card statement/],
    ['an interim report', ':20:X\r\n:25:1\r\n:28C:1\r\n:34F:EURD0,\r\n:61:2603310331C5,NTRFNONREF\r\n', /MT942/],
    ['nothing', ' \n', /The file is empty/],
    ['a letter', 'Dear customer,\nyour statement is attached.\n', /taken for CSV, but none of its first lines/],
  ])('%s is refused with a reason', (_what, text, reason) => {
    expect(() => readStatement(bytes(text))).toThrow(reason)
  })

  it('text of a page does not become markup, and entities of XML are read', () => {
    const detail =
      '<NtryDtls><TxDtls><RmtInf><Ustrd>A &amp; B &#8364; <![CDATA[<b> & c]]></Ustrd></RmtInf></TxDtls></NtryDtls>'
    expect(readStatement(bytes(camt(entry(detail)))).accounts[0]!.entries[0]!.description).toBe('A & B € <b> & c')
  })

  it('a bad entry is named by its line and the rest is read', () => {
    const bad = entry().replace('5.00', '5.0001').replace('BOOK', 'BOOK')
    const statement = readStatement(bytes(camt(`${entry()}\n${bad}\n${entry()}`)))
    expect(statement.accounts[0]!.entries).toHaveLength(2)
    expect(statement.rejected).toEqual([{ line: 4, reason: '"5.0001" is not an amount in EUR.' }])
  })

  it('an archive that unpacks to more than memory is refused by its directory', () => {
    const bomb = zipSync({ 'a.xml': new Uint8Array(70_000_000), 'b.xml': new Uint8Array(70_000_000) }, { level: 1 })
    expect(bomb.length).toBeLessThan(2_000_000)
    expect(() => readStatement(bomb)).toThrow('The ZIP unpacks to more than 128 MiB.')
    expect(() => readStatement(bomb.subarray(0, 5_000))).toThrow('The ZIP is broken')
  })

  it('long runs of blanks, quotes and digits take linear time', () => {
    const long = ' '.repeat(50_000)
    const csv = `Date,Description,Amount\n2026-03-31,"${long}x",1.00\n2026-03-31,${'"'.repeat(20_001)},2.00\n2026-03-31,y,${'1'.repeat(50_000)}\n`
    expect(readStatement(bytes(csv)).accounts[0]!.entries.length).toBeGreaterThan(0)
    const xml = camt(entry(`<AddtlNtryInf a${' '.repeat(50_000)}="x">${long}</AddtlNtryInf>`))
    expect(readStatement(bytes(xml)).accounts[0]!.entries).toHaveLength(1)
  })
})

describe('parseInWorker', () => {
  it('gives what the reader gives, amounts included', async () => {
    const file = bytes(camt(entry()))
    expect(await parseInWorker(file)).toEqual(readStatement(file))
  })

  it('passes a refusal on with its reason', async () => {
    await expect(parseInWorker(bytes('<a>'))).rejects.toMatchObject({
      code: 'validation_failed',
      message: 'The XML is broken in line 1: the file ends inside <a>.',
    })
  })

  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'payymo-parser-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const program = (source: string): string => {
    const file = join(folder, `${source.length}.mjs`)
    writeFileSync(file, source)
    return file
  }
  const limits = { memoryMb: 16, stallMs: 2_000, totalMs: 10_000 }

  it('stops a parser that gets nowhere', async () => {
    await expect(parseInWorker(bytes('x'), {}, limits, program('for (;;);'))).rejects.toThrow(
      'no row was finished within 2 s',
    )
  })

  it('stops a parser that goes on for ever', async () => {
    const busy =
      "for (;;) { process.send({ kind: 'progress' }); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20) }"
    await expect(parseInWorker(bytes('x'), {}, { ...limits, totalMs: 3_000 }, program(busy))).rejects.toThrow(
      'it took longer than 3 s',
    )
  })

  it('survives a parser that eats its memory', async () => {
    const greedy = 'const all = []; for (;;) all.push(new Array(1000).fill({}))'
    await expect(
      parseInWorker(bytes('x'), {}, { ...limits, stallMs: 15_000, totalMs: 15_000 }, program(greedy)),
    ).rejects.toThrow('needs more than 16 MB of memory')
  })
})
