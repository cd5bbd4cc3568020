import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../base/log.ts'
import { createHttp } from '../http/server.ts'
import { apiDocsSlice } from './index.ts'

let http: FastifyInstance
let page: string
let names: string[]

beforeAll(async () => {
  http = createHttp({
    routes: apiDocsSlice().routes!,
    authenticate: () => Promise.reject(new Error('nobody is asked who they are')),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1:8080',
  })
  page = (await http.inject({ url: '/api/docs' })).body
  names = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, name]) => name!)
})
afterAll(() => http.close())

const get = (url: string, headers: Record<string, string> = {}) => http.inject({ url, headers })

describe('200', () => {
  it('a page whose policy allows no inline script and no style, and nothing from elsewhere', async () => {
    const { headers } = await get('/api/docs')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/)
    expect(names.filter((name) => !name.startsWith('/api/'))).toEqual([])
  })

  it('every file the page asks for, typed, and kept for ever under a name of its content', async () => {
    const files = names.filter((name) => name.startsWith('/api/docs/'))
    expect(files).toHaveLength(5)
    const types: Record<string, string> = {
      css: 'text/css; charset=utf-8',
      js: 'text/javascript; charset=utf-8',
      png: 'image/png',
    }
    for (const name of files) {
      const file = await get(name)
      expect(file.statusCode, name).toBe(200)
      expect(file.headers['content-type'], name).toBe(types[name.split('.').at(-1)!])
      expect(file.headers['cache-control'], name).toContain('immutable')
      expect(file.headers['x-content-type-options'], name).toBe('nosniff')
      expect(name).toContain(createHash('sha256').update(file.rawPayload).digest('hex').slice(0, 12))
      const packed = await get(name, { 'accept-encoding': 'gzip, br' })
      expect(packed.headers['content-encoding'], name).toBe('gzip')
      expect(packed.headers.vary, name).toBe('accept-encoding')
      expect(gunzipSync(packed.rawPayload).equals(file.rawPayload), name).toBe(true)
    }
  })
})

it('302: the address with a slash leads to the page', async () => {
  const answer = await get('/api/docs/')
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/api/docs'])
})

describe('404', () => {
  it.each([
    'swagger-ui-bundle.js',
    'swagger-initializer.js',
    'package.json',
    '..%2fpackage.json',
    '..%2f..%2f..%2fpackage.json',
    '%2e%2e%2f%2e%2e%2fserver%2fpackage.json',
    '....//package.json',
    '..\\package.json',
    '%2fetc%2fpasswd',
    'start.js%00.css',
    'constructor',
  ])('%s', async (name) => {
    expect((await get(`/api/docs/${name}`)).statusCode).toBe(404)
  })
})

it('400: a parameter nobody knows', async () => {
  expect((await get('/api/docs?url=https://elsewhere.example/openapi.json')).statusCode).toBe(400)
})
