import { describe, expect, it } from 'vitest'
import { readSystemUrl } from './system-url.ts'

describe('readSystemUrl', () => {
  it.each([
    ['https://example.com', 'https://example.com', 'example.com'],
    ['https://EXAMPLE.com/', 'https://example.com', 'example.com'],
    ['https://www.example.com/billing/', 'https://www.example.com/billing', 'example.com/billing'],
    ['http://example.com/billing', 'http://example.com/billing', 'example.com/billing'],
    ['https://example.com./billing', 'https://example.com/billing', 'example.com/billing'],
    ['https://example.com/%62illing//', 'https://example.com/billing', 'example.com/billing'],
    ['https://example.com/a/../billing', 'https://example.com/billing', 'example.com/billing'],
    ['https://example.com/billing/includes/api.php', 'https://example.com/billing', 'example.com/billing'],
    ['https://example.com/clientarea.php', 'https://example.com', 'example.com'],
    ['https://example.com:8443/b', 'https://example.com:8443/b', 'example.com:8443/b'],
    [' https://bücher.example ', 'https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('reads %s', (text, systemUrl, installation) => {
    expect(readSystemUrl(text)).toEqual({ systemUrl, installation })
  })

  it.each([
    'example.com',
    'ftp://example.com',
    'https://user:pass@example.com',
    'https://example.com/?a=1',
    'https://example.com/#top',
    'https://example.com/%ZZ',
    '',
  ])('refuses %s', (text) => {
    expect(readSystemUrl(text)).toBeUndefined()
  })
})
