import type { Dice } from './dice.ts'

/** Form of the account part by country: a letter stands for a bank's letters, 0 for a digit. */
const FORMS: Record<string, string> = {
  DE: '000000000000000000',
  NL: 'AAAA0000000000',
  AT: '0000000000000000',
  FR: '00000000000000000000000',
  IT: 'A0000000000000000000000',
  ES: '00000000000000000000',
}

/** An invented account number of the country, with right check digits. Belongs to nobody. Source: ISO 13616. */
export function iban(country: string, dice: Dice): string {
  const form = FORMS[country] ?? FORMS.DE!
  const account = [...form].map((place) => (place === '0' ? dice.digits(1) : dice.pick([...'BCDFKNRST']))).join('')
  return `${country}${checkDigits(country, account)}${account}`
}

export function checkDigits(country: string, account: string): string {
  return String(98 - Number(remainder(`${account}${country}00`))).padStart(2, '0')
}

/** Whether the check digits fit. */
export const isIban = (text: string): boolean => remainder(text.slice(4) + text.slice(0, 4)) === 1n

const remainder = (text: string): bigint =>
  BigInt([...text].map((place) => String(Number.parseInt(place, 36))).join('')) % 97n
