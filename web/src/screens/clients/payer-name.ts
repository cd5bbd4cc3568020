import type { ClientPayer } from '@payymo/sdk'

/** How a payer is called where only one thing is said of it: by its name, else by the end of its account. */
export const payerName = ({ name, iban_last4: last4 }: ClientPayer, noName: (last4: string) => string): string =>
  name || noName(last4 ?? '')
