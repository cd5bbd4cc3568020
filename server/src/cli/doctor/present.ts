import { VERSION } from '../../base/version.ts'
import { textTable } from '../text-table.ts'
import { FACTS, type Finding, type State } from './finding.ts'

export interface Summary {
  ok: number
  warnings: number
  problems: number
  skipped: number
}

export function summaryOf(findings: readonly Finding[]): Summary {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length
  return { ok: count('ok'), warnings: count('warning'), problems: count('problem'), skipped: count('skipped') }
}

const summaryLine = ({ ok, warnings, problems, skipped }: Summary): string =>
  `${ok} ok, ${warnings} warnings, ${problems} problems, ${skipped} skipped`

/** For people: one line for each finding, below it what to do, at the end the count. */
export function asText(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ state, check, found, next }) => [
    [state, check, found],
    ...(next ?? '')
      .split('\n')
      .flatMap((line, at) => (line === '' ? [] : [['', '', `${at === 0 ? '→' : ' '} ${line}`]])),
  ])
  return `${textTable(rows)}${summaryLine(summaryOf(findings))}\n`
}

/** For machines, on standard output. */
export const asJson = (findings: readonly Finding[], at: Date): object => {
  const summary = summaryOf(findings)
  return { version: VERSION, at: at.toISOString(), healthy: summary.problems === 0, summary, checks: findings }
}

/** Ids, codes, numbers, versions, names this program gave: one short plain text. */
const PLAIN = /^[\w .:+-]{1,120}$/
const LIST_MAX = 60

/** What a user can send to support: checks, states and the facts on the list, none of the sentences, which may name hosts,
 *  folders and tenants. */
export function asReport(findings: readonly Finding[], at: Date): string {
  const rows = findings.map(({ state, check, facts }) => [
    state,
    plain(check),
    FACTS.flatMap((name) => (facts[name] === undefined ? [] : [`${name}=${valueOf(facts[name])}`])).join('; '),
  ])
  return `Payymo doctor, report for support
made ${at.toISOString()} by Payymo ${VERSION}

What this file holds: which checks were made, how each came out, and versions, counts, times, error codes, names of settings
(not their values), of tables and roles of Payymo, and ids of tenants and WHMCS installations. It holds no secrets, no addresses
of servers, no names of companies or people, no amounts and no bank data. Read it before you send it.

${textTable(rows)}
${summaryLine(summaryOf(findings))}
`
}

function valueOf(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return plain(value)
  const shown = value.slice(0, LIST_MAX).map(plain)
  return `[${shown.join(', ')}${value.length > LIST_MAX ? `, and ${value.length - LIST_MAX} more` : ''}]`
}

const plain = (text: string): string => (PLAIN.test(text) ? text : '[left out]')
