/** The answer of `work`, or a rejection when it takes longer than `boundMs`. A process that was busy itself for that long looks
 *  once for what has arrived meanwhile: its own slowness is not the other side's. */
export function bounded<T>(work: Promise<T>, boundMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${boundMs} ms`))
    const timer = setTimeout(() => setImmediate(() => setImmediate(late)), boundMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
