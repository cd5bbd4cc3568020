import { describe, expect, it } from 'vitest'
import { privateHosts, readUrl } from './check-url.ts'

const none = privateHosts([])
const faultOf = (url: string, listed = none): string | null => readUrl(url, 'tenant', listed).fault

describe('readUrl', () => {
  it.each([
    'https://example.com/hook?a=1',
    'https://example.com:8443/',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]/',
  ])('accepts %s', (url) => expect(faultOf(url)).toBeNull())

  it.each([
    ['', /complete/],
    ['example.com/hook', /complete/],
    ['https://', /complete/],
    ['ftp://example.com/', /https/],
    ['javascript:alert(1)', /complete|https/],
    ['file:///etc/passwd', /complete|https/],
    ['http://example.com/', /https/],
    ['https://user@example.com/', /user name/],
    ['https://:secret@example.com/', /user name/],
    ['https://example.com:22/', /port/],
    ['https://example.com:8080/', /port/],
    ['https://localhost/', /private/],
    ['https://LOCALHOST./', /private/],
    ['https://app.localhost/', /private/],
    ['https://127.0.0.1/', /private/],
    ['https://127.1/', /private/],
    ['https://0x7f000001/', /private/],
    ['https://0177.0.0.1/', /private/],
    ['https://2130706433/', /private/],
    ['https://１２７.０.０.１/', /private/],
    ['https://①②⑦.⓪.⓪.①/', /private/],
    ['https://[::1]/', /private/],
    ['https://[::ffff:127.0.0.1]/', /private/],
    ['https://[::127.0.0.1]/', /private/],
    ['https://[64:ff9b::169.254.169.254]/', /private/],
    ['https://169.254.169.254/latest/meta-data/', /private/],
    ['https://10.0.0.1/', /private/],
  ])('refuses %s', (url, words) => expect(faultOf(url)).toMatch(words))

  it('lets the operator name any port, but nothing private', () => {
    expect(readUrl('https://api.example.com:9000/', 'provider', none).fault).toBeNull()
    expect(readUrl('https://127.0.0.1:9000/', 'provider', none).fault).toMatch(/private/)
    expect(readUrl('http://api.example.com/', 'provider', none).fault).toMatch(/https/)
  })

  it('lets a listed host and port be private and plain, and no other port of it', () => {
    const listed = privateHosts(['localhost:9090', '127.0.0.1:80', '[::1]:8080'])
    expect(faultOf('http://LOCALHOST:9090/x', listed)).toBeNull()
    expect(faultOf('https://localhost:9090/', listed)).toBeNull()
    expect(faultOf('http://127.0.0.1/', listed)).toBeNull()
    expect(faultOf('http://0x7f000001/', listed)).toBeNull()
    expect(faultOf('http://[::1]:8080/', listed)).toBeNull()
    expect(faultOf('http://localhost:9091/', listed)).toMatch(/https/)
    expect(faultOf('https://localhost:9091/', listed)).toMatch(/private/)
    expect(faultOf('https://127.0.0.1/', listed)).toMatch(/private/)
    expect(faultOf('http://user:pw@localhost:9090/', listed)).toMatch(/user name/)
  })
})

describe('privateHosts', () => {
  it.each(['localhost', 'http://localhost:80', 'a@b:80', 'host:99999', 'host:80/path', ':80', ''])(
    'refuses "%s"',
    (entry) => expect(() => privateHosts([entry])).toThrow(/not host:port/),
  )
})
