import type { Answer } from '../answer.ts'
import type { Form } from '../form.ts'
import { settingsOf, type Install } from '../install.ts'
import { readExact, readLikePhp } from '../money.ts'

/** One API action. `parameters`: the names WHMCS reads; a trailing `N` stands for a number, `[]` for an array. */
export interface Action {
  parameters: string[]
  /** Answers, or throws a Refusal; runs inside a commit. The `result` is added by the caller. */
  run: (install: Install, form: Form) => Answer
}

/** PHP's truth: everything but empty and `0` is true, also the word `false`, which earns a warning. */
export function truthy(install: Install, form: Form, name: string): boolean {
  const text = form.text(name)
  if (/^(false|off|no)$/i.test(text)) install.warn(`${name}=${text} is true in PHP: send 0 or leave it out`)
  return text !== '' && text !== '0'
}

/** An amount as PHP reads it; what a careful client would not have sent earns a warning. */
export function amountOf(install: Install, form: Form, name: string): bigint {
  const text = form.text(name)
  if (text !== '' && readExact(text) === null) install.warn(`${name}=${text} is not a plain amount of two decimals`)
  return readLikePhp(text)
}

/** `limitstart` and `limitnum`, 0 and 25 when absent; a page may have fewer rows than asked for. */
export function page<Row>(install: Install, form: Form, rows: Row[]): { rows: Row[]; counts: Answer } {
  const { limitMax } = settingsOf(install).switches
  const start = Math.max(0, form.id('limitstart'))
  const asked = form.id('limitnum') > 0 ? form.id('limitnum') : 25
  const size = limitMax === 0 ? asked : Math.min(asked, limitMax)
  const shown = rows.slice(start, start + size)
  return { rows: shown, counts: { totalresults: rows.length, startnumber: start, numreturned: shown.length } }
}
