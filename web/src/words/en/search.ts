export const search = {
  title: 'Search everything',
  open: 'Search',
  placeholder: 'Payer, invoice, client, amount, payout, screen',
  kinds: {
    screens: 'Go to',
    transactions: 'Transactions',
    invoices: 'Invoices',
    clients: 'Clients',
    payouts: 'Payouts',
  },
  keys: 'Arrow keys choose, Enter opens, Escape closes.',
  waiting: 'Searching…',
  none: (typed: string) => `Nothing fits “${typed}”.`,
  failed: 'The search did not work just now. Type on to try again.',
}
