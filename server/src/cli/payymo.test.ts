import { expect, it } from 'vitest'
import { buildProgram } from './payymo.ts'

it('loads for a call the command it names, under that very name', async () => {
  const all = await buildProgram()
  const names = all.commands.map((command) => command.name())
  expect(names).toContain('reconcile')
  for (const name of names) {
    const one = await buildProgram([name, '--help'])
    expect(one.commands.map((command) => command.name())).toEqual([name])
  }
})

it.each([[], ['nonsense'], ['__proto__'], ['--help']])('knows all commands for %j', async (...args) => {
  expect((await buildProgram(args)).commands).toHaveLength(11)
})
