import { describe, expect, it } from 'vitest'
import { silentLog } from '../base/log.ts'
import { ok, publicRoute } from './route.ts'
import { createHttp } from './server.ts'

const seen: string[] = []
const http = (publicUrl: string) =>
  createHttp({
    routes: [
      publicRoute({
        operationId: 'whoAmI',
        method: 'GET',
        path: '/who',
        tag: 'System',
        summary: 'Who calls',
        answers: { 200: { description: 'The address' } },
        handle: async ({ ip }) => ok({ ip }),
      }),
    ],
    authenticate: () => Promise.reject(new Error('nobody is asked')),
    observers: [({ ip }) => void seen.push(ip)],
    log: silentLog,
    now: () => new Date(),
    publicUrl,
  })

const asked = async (publicUrl: string, forwarded: string, remoteAddress = '10.0.0.2') => {
  const answer = await http(publicUrl).inject({ url: '/who', remoteAddress, headers: { 'x-forwarded-for': forwarded } })
  return answer.json().ip as string
}

describe('the address of a caller behind our proxy', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8::7', '2001:db8::7'],
    ['forged, 203.0.113.9', '203.0.113.9'],
    ['203.0.113.9, 10.0.0.3', '203.0.113.9'],
  ])('is what the proxy names: %s', async (forwarded, ip) => {
    expect(await asked('https://pay.example.com', forwarded)).toBe(ip)
  })

  it.each([
    'nobody',
    '203.0.113.9:51234',
    "'; drop table people --",
    'fe81::1%anything',
    '203.0.113.9, unknown',
    'x'.repeat(4000),
  ])('is that of the socket where the proxy names none: %s', async (forwarded) => {
    expect(await asked('https://pay.example.com', forwarded)).toBe('10.0.0.2')
    expect(seen.at(-1)).toBe('10.0.0.2')
  })

  it('is that of the socket where no proxy of ours stands', async () => {
    expect(await asked('http://pay.example.com', '203.0.113.9')).toBe('10.0.0.2')
    expect(await asked('https://pay.example.com', '203.0.113.9', '198.51.100.4')).toBe('198.51.100.4')
  })
})
