import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { CRASH_POINTS, crashPoints } from './crash-point.ts'

const MODULE = new URL('./crash-point.ts', import.meta.url).href

/** A process of its own that walks past every point, twice. */
function walk(named: string | undefined) {
  const script = `
    const { crashPoints, CRASH_POINTS } = await import(${JSON.stringify(MODULE)})
    const crash = crashPoints(${JSON.stringify(named)})
    for (const round of [1, 2])
      for (const point of CRASH_POINTS) {
        if (point === 'mid_send') await crash.during(point, new Promise(() => {}).catch(() => {}))
        else crash.at(point)
        process.stdout.write(round + point + ' ')
      }`
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script])
  return { signal, status, passed: stdout.toString().trim().split(' ').filter(Boolean), said: stderr.toString() }
}

describe('crash points', () => {
  it('do nothing unless one is named', async () => {
    const crash = crashPoints(undefined)
    for (const point of CRASH_POINTS) crash.at(point)
    await crash.during('mid_send', new Promise(() => {}))
    expect(walk(undefined)).toMatchObject({ signal: null, status: 0, passed: expect.objectContaining({ length: 16 }) })
  })

  it.each(['after_lease', 'mid_send'])('kill their own process at %s', (point) => {
    const walked = walk(point)
    expect(walked.signal).toBe('SIGKILL')
    expect(walked.passed).toHaveLength(CRASH_POINTS.indexOf(point as 'mid_send'))
    expect(walked.said).toContain(`"crash_point":"${point}"`)
  })

  it('kill at the second time where asked to', () => {
    expect(walk('after_lookup:2')).toMatchObject({ signal: 'SIGKILL', passed: expect.objectContaining({ length: 10 }) })
  })
})
