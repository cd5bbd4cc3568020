import * as fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './addresses.ts'

describe('isPublicAddress', () => {
  it.each([
    ['1.1.1.1', true],
    ['93.184.216.34', true],
    ['172.32.0.1', true],
    ['100.128.0.1', true],
    ['2606:4700::1111', true],
    ['2a00:1450:4001::5', true],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['100.127.255.255', false],
    ['127.0.0.1', false],
    ['127.255.255.255', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.0.0.1', false],
    ['192.168.1.1', false],
    ['198.19.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::7f00:1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:1.1.1.1', false],
    ['::ffff:0:127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::1', false],
    ['100::1', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['3fff::1', false],
    ['fc00::1', false],
    ['fd12:3456::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['2606:4700::1111%eth0', false],
    ['', false],
    ['example.com', false],
    ['2130706433', false],
    ['127.1', false],
  ])('%s → %s', (address, open) => expect(isPublicAddress(address)).toBe(open))

  it('never opens what an independent library calls special', () => {
    const any = fc.oneof(fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(any, (address) => {
        if (isPublicAddress(address)) expect(ipaddr.process(address).range()).toBe('unicast')
      }),
      { numRuns: 2_000 },
    )
  })
})
