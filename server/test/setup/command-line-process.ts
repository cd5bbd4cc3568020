import { runProgram } from '../../src/cli/payymo.ts'

/** The command line as a process that runs one call after the other, for tests that make many: loading the program takes longer
 *  than most commands do. */
const say = { out: '', err: '' }
process.stdout.write = (text: string | Uint8Array) => {
  say.out += Buffer.from(text).toString()
  return true
}
process.stderr.write = (text: string | Uint8Array) => {
  say.err += Buffer.from(text).toString()
  return true
}

process.on('message', (args: string[]) => {
  say.out = ''
  say.err = ''
  process.exitCode = undefined
  void runProgram(args).then((status) => process.send!({ status, ...say }))
})
