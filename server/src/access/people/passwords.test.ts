import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPeopleApp, PASSWORD, type PeopleApp } from '../../../test/setup/factories-people.ts'
import { Secret } from '../../base/secret.ts'
import { newRecoveryCode, recoveryDigest } from './chance.ts'
import { createGate } from './gate.ts'
import { PASSWORD_MIN, refuseWeakPassword } from './password-rules.ts'
import { createPasswords } from './passwords.ts'
import { anyText } from '../../../test/setup/any-text.ts'

let people: PeopleApp
beforeAll(async () => {
  people = await createPeopleApp()
})
afterAll(() => people.stop())

const pepper = new Secret('pepper of this installation')
const NAMES = ['ada.lovelace@northbyte.example', 'ada.lovelace', 'Northbyte Hosting', 'Payymo']

describe('passwords', () => {
  it('keep their parameters, need the installation’s secret, and are the same however letters were composed', async () => {
    const passwords = createPasswords(pepper)
    const hashed = await passwords.hash('Käse am Stück')
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwords.matches(hashed, 'Ka\u0308se am Stu\u0308ck')).toBe(true)
    expect(await passwords.matches(hashed, 'Käse am Stuck')).toBe(false)
    expect(await createPasswords(new Secret('another')).matches(hashed, 'Käse am Stück')).toBe(false)
    expect(await passwords.matches(undefined, 'nobody has this password')).toBe(false)
  })

  it('are hashed anew at the next sign-in when the parameters have risen', async () => {
    const member = await people.member(await people.tenant())
    const weak = createPasswords(people.app.pepper, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    const { pool } = people.app.database
    const key = member.email
    await pool.query('update people set password_hash = $2 where email_key = $1', [key, await weak.hash(PASSWORD)])
    const hash = async () =>
      (await pool.query('select password_hash from people where email_key = $1', [key])).rows[0].password_hash as string
    expect(await hash()).toContain('m=8192,t=1')
    const answers = await Promise.all(
      [1, 2, 3].map(() => people.browser().post('/auth/login', { email: key, password: PASSWORD })),
    )
    expect(answers.map((answer) => answer.status)).toEqual([204, 204, 204])
    expect(await hash()).toContain('m=19456,t=2')
    expect((await people.browser().post('/auth/login', { email: key, password: PASSWORD })).status).toBe(204)
    expect(createPasswords(people.app.pepper).outdated(await hash())).toBe(false)
  })

  it.each([
    ['eleven char', 'length'],
    ['x'.repeat(257), 'length'],
    ['PasswordPassword', 'common'],
    ['qwertyuiop123', 'common'],
    ['aaaaaaaaaaaaaaaa', 'repeated'],
    ['abcabcabcabcab', 'repeated'],
    ['abcdefghijklmnop', 'in order'],
    ['98765432109876', 'in order'],
    ['Ada.Lovelace@Northbyte.example', 'the address'],
    ['adalovelace2026', 'the name'],
    ['NorthbyteHosting1', 'the company'],
    ['northbyte-hosting!!', 'the company'],
    ['Payymo!Payymo!', 'the product'],
  ])('%s is refused: %s', (password) => {
    expect(() => refuseWeakPassword(password, NAMES, 'password')).toThrow(/too easy to guess/)
  })

  it.each([
    'quiet harbour lights',
    'Xk3$fjP0qLm2',
    'correct horse battery',
    'ünïcödé wörds',
    'ada likes northern bytes',
    '🐢🐢🐙🐠 reef at dawn',
  ])('%s is taken', (password) => {
    expect(() => refuseWeakPassword(password, NAMES, 'password')).not.toThrow()
  })

  it('never fails on any text, and never takes a short one', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        const length = [...text.normalize('NFKC')].length
        const judge = () => refuseWeakPassword(text, NAMES, 'password')
        if (length < PASSWORD_MIN) expect(judge).toThrow(/too easy/)
        else {
          try {
            judge()
          } catch (error) {
            expect(error).toMatchObject({ code: 'validation_failed' })
          }
        }
      }),
    )
  })
})

describe('the gate before heavy work', () => {
  it('lets two run, queues some, refuses the rest, and serves all it promised, failures included', async () => {
    const gate = createGate(2, 3)
    let [running, most] = [0, 0]
    const releases: (() => void)[] = []
    const work = (fails: boolean) => async () => {
      most = Math.max(most, (running += 1))
      await new Promise<void>((resolve) => releases.push(resolve))
      running -= 1
      if (fails) throw new Error('wrong')
    }
    const all = Array.from({ length: 8 }, (_, index) => gate(work(index % 2 === 0)).then(() => 'done', String))
    const settled = Promise.all(all)
    for (let turn = 0; turn < 8; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
      releases.shift()?.()
    }
    const outcomes = await settled
    expect(most).toBe(2)
    expect(outcomes.filter((outcome) => outcome.includes('Too many people'))).toHaveLength(3)
    expect(outcomes.filter((outcome) => outcome === 'done' || outcome === 'Error: wrong')).toHaveLength(5)
    // Free again afterwards.
    const after = gate(async () => 'free')
    expect(await after).toBe('free')
  })

  it('503 with Retry-After for a flood of sign-ins, and then all is well again', async () => {
    const flood = await Promise.all(
      Array.from({ length: 60 }, () => people.browser().post('/auth/login', { email: 'a@b.example', password: 'x' })),
    )
    const statuses = new Set(flood.map((answer) => answer.status))
    expect([...statuses].toSorted((one, other) => one - other)).toEqual([401, 503])
    const refused = flood.find((answer) => answer.status === 503)!
    expect(refused.headers['retry-after']).toBe('2')
    expect((await people.browser().post('/auth/login', { email: 'a@b.example', password: 'x' })).status).toBe(401)
  })
})

it('recovery codes are read however they are typed, and nothing else is', () => {
  for (let index = 0; index < 50; index++) {
    const code = newRecoveryCode()
    expect(code).toMatch(/^([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}$/)
    expect(recoveryDigest(pepper, ` ${code.toUpperCase().replaceAll('-', '')} `)).toEqual(recoveryDigest(pepper, code))
  }
  for (const text of ['123456', '', 'abcd-efgh', `${newRecoveryCode()}x`])
    expect(recoveryDigest(pepper, text)).toBeUndefined()
})
