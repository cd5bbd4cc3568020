/** The IBAN a field holds, without blanks and in capitals; null when it holds something else. The check digits are not
 *  asked: banks print what was instructed, and the field already says what it is. */
export function ibanIn(text: string): string | null {
  const iban = text.replace(/[\s.-]/g, '').toUpperCase()
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) ? iban : null
}
