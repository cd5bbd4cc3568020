/** The company number by which US banks show Stripe's credits (reference 3.6). */
const US_ORIGINATOR = '1800948598'

/** What of a line of the bank is read. */
export interface LineText {
  counterpartyName: string
  reference: string
  description: string
  externalId: string | null
}

/** Whether a line of the bank reads like money that Stripe sent or took: the name stands in it as a word of its own, or the number
 *  it goes by at US banks. Which words a bank shows is the bank's choice; a client called Stripe would read alike. Source: statements
 *  of US, UK and SEPA banks (reference 3.6). */
export function looksLikeStripe(line: LineText): boolean {
  const text = textOf(line)
  return /(?<![\p{L}\p{N}])STRIPE(?![\p{L}\p{N}])/u.test(text) || text.includes(US_ORIGINATOR)
}

/** The same, as a first sieve in SQL over `transactions t`: everything that may read like it. */
export const MAY_BE_STRIPE = `(t.counterparty_name || ' ' || t.reference || ' ' || t.description) ~* 'stripe|${US_ORIGINATOR}'`

/** The texts of a line, folded to capitals. */
export const textOf = ({ counterpartyName, reference, description, externalId }: LineText): string =>
  [counterpartyName, reference, description, externalId ?? ''].join(' ').normalize('NFKC').toUpperCase()

/** For references: banks break them by blanks wherever they like. */
export const compact = (text: string): string => text.normalize('NFKC').toUpperCase().replaceAll(/\s+/g, '')
