import { describe, expect, it } from 'vitest'
import { readStatement } from './read-statement.ts'

const amt = (amount: string, currency = 'EUR') => `<Amt Ccy="${currency}">${amount}</Amt>`
const side = (indicator: string) => `<CdtDbtInd>${indicator}</CdtDbtInd>`
const head = (amount: string, indicator = 'CRDT') => amt(amount) + side(indicator)
const booked =
  '<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-03-31T23:30:00-05:00</DtTm></BookgDt><ValDt><Dt>2026-04-01</Dt></ValDt>'
const balance = (code: string, amount: string, day: string, indicator = 'CRDT') =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${head(amount, indicator)}<Dt><Dt>${day}</Dt></Dt></Bal>`
const statement = (content: string, id = 'S1') =>
  `<Stmt><Id>${id}</Id><Acct><Id><IBAN>DE05 9999 9999 0000 1300 13</IBAN></Id><Ccy>EUR</Ccy></Acct>${content}</Stmt>`
const file = (statements: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document><BkToCstmrStmt>${statements}</BkToCstmrStmt></Document>`
const read = (xml: string) => readStatement(new TextEncoder().encode(xml))
const entriesOf = (...entries: string[]) =>
  read(file(statement(entries.map((entry) => `<Ntry>${entry}</Ntry>`).join('')))).accounts[0]!.entries
const details = (...list: string[]) => `<NtryDtls>${list.map((one) => `<TxDtls>${one}</TxDtls>`).join('')}</NtryDtls>`
const payer = (name: string) => `<RltdPties><Dbtr><Pty><Nm>${name}</Nm></Pty></Dbtr></RltdPties>`
const told = (text: string) => `<RmtInf><Ustrd>${text}</Ustrd></RmtInf>`

describe('an entry of CAMT', () => {
  it('keeps the day that the bank printed, whatever its zone', () => {
    expect(entriesOf(head('5.00') + booked)[0]).toMatchObject({ bookedOn: '2026-03-31', valueOn: '2026-04-01' })
  })

  it('counts when it is booked, in the words of every version', () => {
    const with_ = (status: string) => head('5.00') + booked.replace('<Sts><Cd>BOOK</Cd></Sts>', status)
    expect(
      entriesOf(with_('<Sts>BOOK</Sts>'), with_('<Sts>PDNG</Sts>'), with_('<Sts><Cd>INFO</Cd></Sts>'), with_('')),
    ).toHaveLength(2)
  })

  it('goes where its indicator says, a reversal included, and knows the other side', () => {
    const parties =
      '<RltdPties><Dbtr><Nm>Ours</Nm></Dbtr><DbtrAcct><Id><IBAN>DE05999999990000130013</IBAN></Id></DbtrAcct><Cdtr><Nm>Supplier</Nm></Cdtr></RltdPties>'
    const returned = `${head('5.00')}<RvslInd>true</RvslInd>${booked}${details(parties)}`
    const paid = `${head('5.00', 'DBIT')}${booked}${details(parties)}`
    expect(entriesOf(returned, paid).map((entry) => [entry.direction, entry.counterparty.name])).toEqual([
      ['credit', 'Supplier'],
      ['debit', 'Supplier'],
    ])
  })

  it('names the structured reference first, then the end-to-end id, then the text', () => {
    const structured =
      '<RmtInf><Ustrd>thanks</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>'
    const id = (value: string) => `<Refs><EndToEndId>${value}</EndToEndId></Refs>`
    const list = [
      details(id('E1') + structured),
      details(id('E1') + told('thanks')),
      details(id('NOTPROVIDED') + told('thanks')),
    ]
    expect(
      entriesOf(...list.map((one) => head('5.00') + booked + one)).map((entry) => [entry.reference, entry.description]),
    ).toEqual([
      ['RF18539007547034', 'thanks'],
      ['E1', 'thanks'],
      ['thanks', 'thanks'],
    ])
  })

  it('joins lines that the bank cut, without a blank where words were cut', () => {
    const long = 'Rechnung INV-2024-0153 und INV-2024-'
    expect(long.slice(0, 35)).toHaveLength(35)
    const cut = `<RmtInf><Ustrd>${long.slice(0, 35)}</Ustrd><Ustrd>-0154</Ustrd></RmtInf>`
    const lines = '<RmtInf><Ustrd>Invoice 7</Ustrd><Ustrd>thank you</Ustrd></RmtInf>'
    expect(
      entriesOf(head('5.00') + booked + details(cut), head('5.00') + booked + details(lines)).map(
        (entry) => entry.description,
      ),
    ).toEqual(['Rechnung INV-2024-0153 und INV-2024-0154', 'Invoice 7 thank you'])
  })
})

describe('a collective entry', () => {
  const part = (amount: string, name: string, indicator = 'CRDT') =>
    head(amount, indicator) + payer(name) + told(`Invoice of ${name}`)
  const brief = (...list: string[]) =>
    entriesOf(head('300.00') + booked + '<AcctSvcrRef>S1</AcctSvcrRef>' + details(...list)).map((entry) => [
      entry.direction,
      entry.amountMinor,
      entry.counterparty.name,
    ])

  it('is its details when they add up to it', () => {
    expect(brief(part('100.00', 'Ada'), part('200.00', 'Bob'))).toEqual([
      ['credit', 10000n, 'Ada'],
      ['credit', 20000n, 'Bob'],
    ])
    // Bob is named as the debtor, who is the other side of a credit only.
    expect(brief(part('350.00', 'Ada'), part('50.00', 'Bob', 'DBIT'))).toEqual([
      ['credit', 35000n, 'Ada'],
      ['debit', 5000n, ''],
    ])
    expect(brief(part('100.00', 'Ada', 'DBIT'), part('200.00', 'Bob', 'DBIT'))).toEqual([
      ['credit', 10000n, 'Ada'],
      ['credit', 20000n, 'Bob'],
    ])
  })

  it('is one line when they do not, and no one payer is said to have sent it', () => {
    expect(brief(part('100.00', 'Ada'), part('150.00', 'Bob'))).toEqual([['credit', 30000n, '']])
    expect(brief(payer('Ada'), payer('Bob'))).toEqual([['credit', 30000n, '']])
  })

  it('is not described by the one detail that a bank prints of many', () => {
    const batch = `<NtryDtls><Btch><NbOfTxs>238</NbOfTxs></Btch><TxDtls>${part('1.00', 'Ada')}</TxDtls></NtryDtls><AddtlNtryInf>Batch</AddtlNtryInf>`
    expect(entriesOf(head('300.00') + booked + batch)[0]).toMatchObject({
      amountMinor: 30000n,
      description: 'Batch',
      counterparty: { name: '' },
    })
  })

  it('keeps the id by which its notification is known', () => {
    const [first] = entriesOf(
      head('300.00') + booked + '<AcctSvcrRef>S1</AcctSvcrRef>' + details(part('100.00', 'Ada'), part('200.00', 'Bob')),
    )
    expect(first!.bankIds).toContainEqual({ kind: 'entry_ref', value: 'S1' })
  })
})

describe('the balances of a file', () => {
  const entry = (amount: string, indicator = 'CRDT') => `<Ntry>${head(amount, indicator)}${booked}</Ntry>`
  const check = (...statements: string[]) => {
    const [account] = read(file(statements.join(''))).accounts
    return [account!.balanceCheck, account!.balanceDifferenceMinor, account!.openingMinor, account!.closingMinor]
  }
  const day = (n: number, opening: string, closing: string, content: string, code = 'OPBD') =>
    statement(balance(code, opening, `2026-03-0${n}`) + balance('CLBD', closing, `2026-03-0${n}`) + content, `S${n}`)

  it('are chained over days in whatever order the file has them', () => {
    const first = day(1, '10.00', '15.00', entry('5.00'))
    const second = day(2, '15.00', '12.00', entry('3.00', 'DBIT'))
    expect(check(second, first)).toEqual(['ok', null, 1000n, 1200n])
    expect(check(first, day(2, '18.00', '15.00', entry('3.00', 'DBIT')))).toEqual(['gap', 300n, 1000n, 1500n])
    expect(check(day(1, '10.00', '16.00', entry('5.00')))).toEqual(['gap', 100n, 1000n, 1600n])
  })

  it('know an overdrawn account, pages, and files that state none', () => {
    expect(
      check(
        statement(
          balance('PRCD', '10.00', '2026-03-01') +
            balance('CLBD', '5.00', '2026-03-01', 'DBIT') +
            entry('15.00', 'DBIT'),
        ),
      ),
    ).toEqual(['ok', null, 1000n, -500n])
    expect(
      check(statement(balance('OPBD', '1.00', '2026-03-01') + balance('ITBD', '6.00', '2026-03-01') + entry('5.00'))),
    ).toEqual(['ok', null, 100n, 600n])
    expect(check(statement(entry('5.00')))).toEqual(['unknown', null, null, null])
  })

  it('count a statement once that stands in the file twice, and say so', () => {
    const one = day(1, '10.00', '15.00', entry('5.00'))
    const { accounts, rejected } = read(file(one + one))
    expect(accounts[0]!.entries).toHaveLength(1)
    expect(rejected[0]!.reason).toBe('The statement S1 stands in the file twice; it counts once.')
  })
})

describe('files as banks write them', () => {
  it('are read with prefixes, in wrappers, and in the encoding they declare', () => {
    const xml = `<?xml version='1.0' encoding='ISO-8859-1'?><e:Env xmlns:e="x"><c:Document xmlns:c="urn:iso:std:iso:20022:tech:xsd:camt.053.001.13"><c:BkToCstmrStmt><c:Stmt><c:Acct><c:Id><c:Othr><c:Id>20-1</c:Id></c:Othr></c:Id></c:Acct><c:Ntry><c:Amt Ccy='EUR'> 5.00 </c:Amt><c:CdtDbtInd>CRDT</c:CdtDbtInd><c:Sts><c:Cd>BOOK</c:Cd></c:Sts><c:ValDt><c:Dt>2026-03-31</c:Dt></c:ValDt><c:AddtlNtryInf>Müller</c:AddtlNtryInf></c:Ntry></c:Stmt></c:BkToCstmrStmt></c:Document></e:Env>`
    const { accounts } = readStatement(Uint8Array.from([...xml], (letter) => letter.charCodeAt(0)))
    expect(accounts).toMatchObject([
      {
        account: '20-1',
        currency: 'EUR',
        entries: [{ description: 'Müller', bookedOn: '2026-03-31', amountMinor: 500n }],
      },
    ])
  })

  it('keep the currencies of one account apart', () => {
    const usd = `<Ntry>${amt('7.00', 'USD')}${side('CRDT')}${booked}</Ntry>`
    const eur = `<Ntry>${head('5.00')}${booked}</Ntry>`
    const xml = file(statement(eur + usd).replace('<Ccy>EUR</Ccy>', ''))
    expect(read(xml).accounts.map((account) => [account.currency, account.entries.length])).toEqual([
      ['EUR', 1],
      ['USD', 1],
    ])
    expect(read(file(statement(usd))).rejected[0]!.reason).toBe('The entry is in USD, its account in EUR.')
  })
})
