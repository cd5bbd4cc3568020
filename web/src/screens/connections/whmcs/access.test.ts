import { describe, expect, it } from 'vitest'
import { givenAccess } from './access.tsx'

describe('what is sent of a WHMCS access', () => {
  const typed = { system_url: ' https://example.com/billing ', api_identifier: 'id', api_secret: '', access_key: ' ' }
  it('leaves out secrets that were left empty, so that they stay', () => {
    expect(givenAccess(typed, true)).toEqual({ system_url: 'https://example.com/billing', api_identifier: 'id' })
  })
  it('is the address alone where the module calls', () => {
    expect(givenAccess({ ...typed, api_secret: 's' }, false)).toEqual({ system_url: 'https://example.com/billing' })
  })
})
