import type { Candidate } from './candidate.ts'
import type { LinkKind } from './links.ts'

/** How an amount's fit is told. */
export const amountTexts: Record<Candidate['fit'], readonly [code: string, text: string]> = {
  exact: ['amount_exact_match', 'The amount is exactly what is open.'],
  sum: ['amount_exact_match', 'The amount is exactly the sum of what is open on these invoices.'],
  printed: ['amount_printed_in_invoice_currency', "The text prints the invoice's amount in the invoice's currency."],
  cents: ['amount_close_match', 'The amount is a few cents off what is open.'],
  close: ['amount_close_match', 'The amount is within one per cent of what is open.'],
  fee: ['amount_short_by_fee', 'The amount is short by no more than a bank fee.'],
  over: ['amount_over', 'More came than is open.'],
  part: ['amount_part_payment', 'Less came than is open.'],
  other: [
    'amount_in_other_currency',
    "The money is in another currency than the invoice, and no amount in the invoice's is printed.",
  ],
}

/** How a link to a client is told. */
export const linkTexts: Record<LinkKind, readonly [code: string, text: string]> = {
  known_payer: ['payer_known', 'This payer has paid for the client before.'],
  known_once: ['payer_known', 'A person said once before that this payer pays for the client.'],
  known_shared: ['payer_known', 'This payer pays for the client, and for others.'],
  payer_name: ['payer_name_matches_client', "The payer bears the client's name."],
  payer_name_partly: ['payer_name_partly_matches', "The payer's name agrees with the client's in part."],
  named_in_text: ['description_contains_client_name', "The description bears the client's name."],
  partly_in_text: ['description_contains_part_of_name', "The description bears part of the client's name."],
  closed_number: ['number_of_closed_invoice', 'The text names an invoice of the client that takes no money any more.'],
  customer_number: ['text_contains_customer_number', 'The text gives the customer number.'],
  domain: ['text_contains_domain', "The text names the client's domain."],
  email: ['payer_email_matches_client', "The client's e-mail address stands in the text."],
}
