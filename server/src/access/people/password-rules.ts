import { AppError } from '../../base/errors.ts'

export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 256
/** What a name or an address must leave over to be worth anything. */
const BEYOND_NAMES_MIN = 6

/** The commonest of twelve characters and more; shorter ones are refused by their length. */
const COMMON = new Set(
  `123456123456 1234567890123 12345678901234 123456789abc 123456789qwe 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc
   abc123abc123 abcd12345678 abcdefghijkl administrator changemenow1 changeme1234 hello1234567 iloveyou1234 letmein12345
   letmeinletmein passw0rd1234 password1234 password12345 password123456 passwordpassword passwort1234 passwort12345
   passwortpasswort q1w2e3r4t5y6 qazwsxedcrfv qwerty123456 qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwertz123456
   trustno1trustno1 welcome12345 willkommen12 willkommen123 zaq12wsxcde3 correcthorsebatterystaple`.split(/\s+/),
)

/** What may be wrong with a password, in the words of the API. */
export const WEAKNESSES = {
  too_short: `Must have at least ${PASSWORD_MIN} characters`,
  too_long: `Must have at most ${PASSWORD_MAX} characters`,
  common: 'Is one of the most common passwords',
  repeats: 'Must not repeat a few characters again and again',
  run: 'Must not be characters in their order',
  names: 'Must not be made of your address or of the name of a company or product',
}

/** Length and no rules of composition (NIST SP 800-63B, 3.1.1.2): twelve characters or more, none of the commonest, not one
 *  piece again and again, not the address or the company. Throws `validation_failed` that names the field.
 *  names: what belongs to the person: the address, companies, the product. */
export function refuseWeakPassword(password: string, names: string[], field: string): void {
  const issue = weakness(password, names)
  if (issue === undefined) return
  throw new AppError('validation_failed', 'This password is too easy to guess. Choose another.', {
    details: [{ field, issue }],
  })
}

function weakness(password: string, names: string[]): string | undefined {
  const text = password.normalize('NFKC')
  const length = [...text].length
  if (length < PASSWORD_MIN) return WEAKNESSES.too_short
  if (length > PASSWORD_MAX) return WEAKNESSES.too_long
  const plain = text.toLowerCase().replaceAll(/\s/g, '')
  if (COMMON.has(plain)) return WEAKNESSES.common
  if (/^(.{1,4}?)\1+.{0,3}$/su.test(plain)) return WEAKNESSES.repeats
  if (isRun(plain)) return WEAKNESSES.run
  if (names.some((name) => isMostly(plain, name))) return WEAKNESSES.names
  return undefined
}

/** `abcdefghijkl`, `987654321098`: each character follows the one before it, up or down. */
function isRun(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0)!)
  const steps = codes.slice(1).map((code, index) => code - codes[index]!)
  // After 9 comes 0.
  return [1, -1].some((step) => steps.every((one) => one === step || one === -9 * step))
}

function isMostly(text: string, name: string): boolean {
  const letters = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  if (letters.length < 4) return false
  const rest = text.replaceAll(/[^\p{L}\p{N}]/gu, '').replaceAll(letters, '')
  return rest !== text.replaceAll(/[^\p{L}\p{N}]/gu, '') && [...rest].length < BEYOND_NAMES_MIN
}
