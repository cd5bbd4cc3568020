import type { Dice } from './dice.ts'

/** Form of the account part by country: a letter stands for a bank's letters, 0 for a digit. */
const FORMS: Record<string, string> = {
  DE: '000000000000000000',
  NL: 'AAAA0000000000',
  AT: '0000000000000000',
  CH: '00000000000000000',
  GB: 'AAAA00000000000000',
  FR: '000000000000000000000',
  IT: 'A0000000000000000000000',
  ES: '000000000000000000',
}

/** An invented account number of the country, with right check digits. Belongs to nobody. Source: ISO 13616. */
export function iban(country: string, dice: Dice): string {
  const form = FORMS[country] ?? FORMS['DE']!
  const drawn = [...form].map((place) => (place === '0' ? dice.digits(1) : dice.pick([...'BCDFKNRST']))).join('')
  const account = withNationalKey(country, drawn)
  return `${country}${checkDigits(country, account)}${account}`
}

export function checkDigits(country: string, account: string): string {
  return String(98n - remainder(`${account}${country}00`)).padStart(2, '0')
}

/** Whether the check digits fit. */
export const isIban = (text: string): boolean => remainder(text.slice(4) + text.slice(0, 4)) === 1n

/** France ends the account with a key that makes the whole divisible by 97; Spain puts two digits after bank and branch. */
function withNationalKey(country: string, account: string): string {
  if (country === 'FR') return account + String(97n - remainder(`${account}00`)).padStart(2, '0')
  if (country !== 'ES') return account
  const [bank, number] = [account.slice(0, 8), account.slice(8)]
  return `${bank}${spanishDigit(`00${bank}`)}${spanishDigit(number)}${number}`
}

function spanishDigit(tenDigits: string): number {
  const weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]
  const rest = 11 - ([...tenDigits].reduce((sum, digit, n) => sum + Number.parseInt(digit, 10) * weights[n]!, 0) % 11)
  return rest === 10 ? 1 : rest === 11 ? 0 : rest
}

const remainder = (text: string): bigint =>
  BigInt([...text].map((place) => String(Number.parseInt(place, 36))).join('')) % 97n
