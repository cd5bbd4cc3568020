import { execFile } from 'node:child_process'
import { expect, it } from 'vitest'

const urlOf = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)

/** A process that ends on unknown state, and then does this. */
const run = (what: string) =>
  new Promise<{ status: number | null; err: string }>((resolve) => {
    const program = `
      import { createLog } from ${urlOf('../base/log.ts')}
      import { endOnUnknownState } from ${urlOf('./process.ts')}
      endOnUnknownState(createLog('info', (line) => process.stderr.write(line)))
      setInterval(() => {}, 60_000)
      ${what}`
    const child = execFile(process.execPath, ['--input-type=module', '-e', program], (_error, _out, err) =>
      resolve({ status: child.exitCode, err }),
    )
  })

it.each([
  ['a rejection that nobody handles', "Promise.reject(Object.assign(new Error('lost'), { detail: 'a secret' }))"],
  [
    'an error that nobody catches',
    "setImmediate(() => { throw Object.assign(new Error('lost'), { detail: 'a secret' }) })",
  ],
])('%s is one line of the log, and the end of the process', async (_, what) => {
  const { status, err } = await run(what)
  expect(status).toBe(1)
  expect(JSON.parse(err)).toMatchObject({ level: 'error', error: { message: 'lost' } })
  expect(err).not.toContain('a secret')
})
