import { Payymo } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { find, findScreens, hitOfId } from './find.ts'

const page = (data: unknown[]) =>
  Response.json({
    data,
    pagination: {
      total_items: 0,
      total_pages: 0,
      current_page: 1,
      per_page: 5,
      next_cursor: null,
      total_capped: false,
    },
    meta: { request_id: 'req_1' },
  })
const namer = { day: (time: string) => time.slice(0, 10), unknownPayer: 'Unknown', payout: 'Payout' }
const refused = () =>
  Response.json({ error: { code: 'insufficient_permissions', message: 'No.', details: [] } }, { status: 403 })
const apiOf = (answer: (path: string) => Response) =>
  new Payymo({
    baseUrl: 'https://payymo.example',
    apiKey: 'pk_test',
    fetch: async (url) => answer(new URL(String(url instanceof Request ? url.url : url)).pathname),
  })

describe('the search over everything', () => {
  it('finds what may be seen, and leaves out what may not', async () => {
    const payymo = apiOf((path) => {
      if (path.endsWith('/clients'))
        return page([{ id: 'cli_1', name: 'Ann Marlow', company: '', email: 'ann@marlow.example', external_id: '3' }])
      return path.endsWith('/payouts') ? refused() : page([])
    })
    expect(await find(payymo, 'ann', namer, AbortSignal.timeout(5_000))).toEqual([
      {
        key: 'cli_1',
        kind: 'clients',
        title: 'Ann Marlow',
        about: 'ann@marlow.example',
        go: { to: '/clients/$id', id: 'cli_1' },
      },
    ])
  })
  it('looks for amounts, however they are written', async () => {
    const asked: string[] = []
    const payymo = new Payymo({
      baseUrl: 'https://payymo.example',
      apiKey: 'pk_test',
      fetch: async (url) => {
        const { pathname, searchParams } = new URL(String(url instanceof Request ? url.url : url))
        asked.push(`${pathname.split('/').at(-1)} ${searchParams.get('total') ?? searchParams.get('amount') ?? ''}`)
        return page([])
      },
    })
    await find(payymo, '1.250,5', namer, AbortSignal.timeout(5_000))
    expect(asked).toContain('invoices 1250.50')
    expect(asked).toContain('transactions 1250.50')
  })
  it('says what is wrong when nothing can be searched', async () => {
    await expect(find(apiOf(refused), 'ann', namer, AbortSignal.timeout(5_000))).rejects.toThrow('No.')
  })
  it('finds screens by the beginning of a word, accents or not', () => {
    const screens = [
      { to: '/', label: 'Überblick' },
      { to: '/keys', label: 'API-Schlüssel' },
    ]
    expect(findScreens(screens, 'uber').map(({ key }) => key)).toEqual(['/'])
    expect(findScreens(screens, 'schlü').map(({ key }) => key)).toEqual(['/keys'])
    expect(findScreens(screens, '')).toHaveLength(2)
    expect(findScreens(screens, 'x')).toEqual([])
  })
  it('leads straight to an id', () => {
    expect(hitOfId(' txn_01jrfzq4v8m2k9d7t5x3w1c0ab ')?.go).toEqual({
      to: '/transactions/$id',
      id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab',
    })
    expect(hitOfId('txn_1')).toBeUndefined()
  })
})
