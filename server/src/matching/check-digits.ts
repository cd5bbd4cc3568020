/** References with check digits, as they are printed on invoices in many countries. */

/** Modulus 10 as on cards (Luhn). Norwegian KID, Swedish OCR, Danish FIK, Australian CRN. */
function luhn(digits: string): string {
  let sum = 0
  for (let at = digits.length - 1, double = true; at >= 0; at -= 1, double = !double) {
    const digit = (digits.charCodeAt(at) - 48) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return String((10 - (sum % 10)) % 10)
}

/** The sum of the digits from behind, each times its weight. */
function weightedSum(digits: string, weights: readonly number[]): number {
  let sum = 0
  for (let at = digits.length - 1, place = 0; at >= 0; at -= 1, place += 1)
    sum += (digits.charCodeAt(at) - 48) * (weights[place % weights.length] ?? 0)
  return sum
}

/** Modulus 11 of the Norwegian KID. */
function mod11(digits: string): string {
  const rest = (11 - (weightedSum(digits, [2, 3, 4, 5, 6, 7]) % 11)) % 11
  return rest === 10 ? '-' : String(rest)
}

/** The 7-3-1 method of the Finnish viite and the Estonian viitenumber. */
const by731 = (digits: string): string => String((10 - (weightedSum(digits, [7, 3, 1]) % 10)) % 10)

const carries = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5]

/** The recursive modulus 10 of the Swiss QR reference. */
function recursive(digits: string): string {
  let carry = 0
  for (const digit of digits) carry = carries[(carry + Number(digit)) % 10] ?? 0
  return String((10 - carry) % 10)
}

/** Modulus 97 of any run of digits and capitals. */
function mod97(text: string): number {
  let rest = 0
  for (const sign of text) {
    const value = parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

/** The structured communication of Belgium: twelve digits, the last two the rest by 97, or 97 for none. */
export const isCommunication = (digits: string): boolean =>
  digits.length === 12 && String(mod97(digits.slice(0, -2)) || 97).padStart(2, '0') === digits.slice(-2)

/** What stands before the check digits, without the padding, for each method that agrees: a number of an invoice or of a client,
 *  if it is a reference at all. `digits` as written, zeros included. */
export function payloadsOf(digits: string): string[] {
  const head = digits.slice(0, -1)
  const check = digits.slice(-1)
  const found = [luhn, mod11, by731, recursive].some((method) => method(head) === check) ? [head] : []
  // The Swedish OCR may hold its own length in front of the check digit.
  if (luhn(head) === check && head.slice(-1) === String(digits.length % 10)) found.push(head.slice(0, -1))
  if (isCommunication(digits)) found.push(digits.slice(0, -2))
  return [...new Set(found.map((payload) => payload.replace(/^0+(?=\d)/, '')))]
}

/** The number in a creditor reference (ISO 11649): `RF18539007547034` holds 539007547034; null where the check digits do not agree. */
export function creditorPayload(reference: string): string | null {
  if (!/^RF\d{2}[A-Z0-9]{1,21}$/.test(reference)) return null
  return mod97(`${reference.slice(4)}${reference.slice(0, 4)}`) === 1
    ? reference.slice(4).replace(/^0+(?=\d)/, '')
    : null
}

/** Whether the check digits of an account agree (ISO 13616). */
export const isIban = (account: string): boolean => mod97(account.slice(4) + account.slice(0, 4)) === 1
