import { describe, expect, it } from 'vitest'
import { about, bounded, codeOf, sentencesOf } from './finding.ts'
import { asJson, asReport, asText } from './present.ts'

const at = new Date('2026-03-01T12:00:00Z')

describe('what is shown', () => {
  const findings = [
    about('one').ok('Fine.', { latency_ms: 3 }),
    about('two').problem('Broken at db.example.com.', 'First this:\nselect 1;', {
      code: 'ECONNREFUSED',
      missing: ['a', 'b'],
    }),
    about('three').skipped('Not asked for.'),
  ]

  it('text: states in columns, what to do below, the count at the end', () => {
    expect(asText(findings)).toBe(
      [
        'ok       one    Fine.',
        'problem  two    Broken at db.example.com.',
        '                → First this:',
        '                  select 1;',
        'skipped  three  Not asked for.',
        '1 ok, 0 warnings, 1 problems, 1 skipped',
        '',
      ].join('\n'),
    )
  })

  it('JSON: the same for machines', () => {
    expect(asJson(findings, at)).toMatchObject({
      at: '2026-03-01T12:00:00.000Z',
      healthy: false,
      summary: { ok: 1, warnings: 0, problems: 1, skipped: 1 },
      checks: [{ check: 'one', state: 'ok', found: 'Fine.', next: null, facts: { latency_ms: 3 } }, {}, {}],
    })
  })

  it('report: says what it holds; listed facts in plain shapes, no sentence', () => {
    const report = asReport(findings, at)
    expect(report.split('\n')[3]).toContain('What this file holds')
    expect(report).toContain('problem  two    code=ECONNREFUSED; missing=[a, b]')
    expect(report).not.toMatch(/example\.com|First this|Fine/)
  })

  it('report: a fact that is not on the list, or no plain word, is left out', () => {
    const smuggled = { host: 'db.example.com', code: 'postgresql://u:canary@db/x', faults: ['fine', 'a@example.com'] }
    const report = asReport([about('x').ok('', smuggled)], at)
    expect(report).toContain('code=[left out]; faults=[fine, [left out]]')
    expect(report).not.toMatch(/example|canary/)
  })
})

describe('a check that hangs or breaks', () => {
  it('is a finding, and hides nothing of the rest', async () => {
    expect(await bounded('x', 1, () => new Promise(() => {}))).toMatchObject([
      { state: 'problem', facts: { code: 'timeout' } },
    ])
    const broken = Object.assign(new Error('outer'), { cause: Object.assign(new Error('inner'), { code: '42501' }) })
    expect(await bounded('x', 10_000, () => Promise.reject(broken))).toMatchObject([
      { state: 'problem', found: expect.stringContaining('outer'), facts: { code: '42501' } },
    ])
    expect(codeOf('odd')).toBe('string')
  })

  it('our errors come apart into what is wrong and what to do', () => {
    expect(sentencesOf('It failed (x.y). Do that. And this.')).toEqual({
      found: 'It failed (x.y).',
      next: 'Do that. And this.',
    })
    expect(sentencesOf('It failed')).toEqual({ found: 'It failed', next: null })
  })
})
