import type { Teller } from '../first-run/run-month.ts'

/** Prints lines as they come; progress overwrites itself on a terminal and is silent in a pipe. */
export function teller(): Teller {
  let shown = false
  const clear = () => {
    if (shown) process.stdout.write('\r\x1b[2K')
    shown = false
  }
  return {
    line: (text) => {
      clear()
      process.stdout.write(`${text}\n`)
    },
    progress: (text) => {
      if (!process.stdout.isTTY) return
      clear()
      process.stdout.write(text)
      shown = text !== ''
    },
  }
}
