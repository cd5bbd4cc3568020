import { expect, test } from 'vitest'
import { maskForeignDigits } from './masks.ts'

test.each([
  ['INV-1001 DE89370400440532013000', 'INV-1001'],
  ['INV-1001 TEL 0171 2345678', 'INV-1001'],
  ['INV-1001 +49 171 2345678', 'INV-1001'],
  ['INV-1001 30.09.2024', 'INV-1001'],
  ['INV-1001 12:30 UHR', 'INV-1001'],
  ["INV-1001 EUR 1'234.50", 'INV-1001'],
  ["INV-1001 EUR 1'.50", 'INV-1001'],
  ['INV-1001 1234EUR', 'INV-1001'],
  ['INV-1001 EUR1234', 'INV-1001'],
  ['INV-1001 09/2024', 'INV-1001'],
  ['INV-1001 Q3 2024', 'INV-1001'],
  ['INV-1001 BG 123-4567', 'INV-1001'],
  ['INV-1001 12345678901', 'INV-1001'],
  ['RG.NR. 247493', 'RG.NR. 247493'],
])('of %s it leaves %s', (text, left) => {
  const masked = maskForeignDigits(text)
  expect(masked).toHaveLength(text.length)
  expect(masked.trim()).toBe(left)
})
