export const start = {
  title: 'Set-up',
  checklist: 'What Payymo needs',
  marks: { done: 'Done', failed: 'Failed', open: 'To do' },
  see: 'See it',
  next: (step: string) => `Next: ${step}`,
  doneOf: (done: number, all: number) => `${done} of ${all} done`,
  ready: 'Everything is set up: from now on money finds its invoices.',
  adminOnly: 'Only owners and admins can set this up.',
  keepSuggesting: 'Suggest only',
  steps: {
    bank: {
      title: 'Connect a bank',
      open: 'So that money that came in is seen. Statement files work as well.',
      waiting: 'The bank has not confirmed the consent yet.',
      done: 'Its lines are read.',
      action: 'Connect',
    },
    billing: {
      title: 'Connect WHMCS',
      open: 'So that invoices are known, and payments can be booked on them. Other billing systems use the API.',
      waiting: 'Proven to be yours. Invoices are being read for the first time.',
      done: 'Invoices are known and kept up to date.',
      action: 'Connect',
    },
    policy: {
      title: 'Choose how much Payymo does by itself',
      open: 'Until you choose, it suggests and people approve.',
      waiting: 'Until you choose, it suggests and people approve.',
      done: 'Chosen. It can be changed at any time.',
      action: 'Choose',
    },
    webhook: {
      title: 'Send events to your own programs',
      open: 'Not needed: for those who want to be told when an invoice is paid.',
      waiting: 'Not needed: for those who want to be told when an invoice is paid.',
      done: 'Events are sent, signed, and tried again until they arrive.',
      action: 'Add a webhook',
    },
  },
  tour: {
    title: 'A walk through the sandbox company',
    text: 'Its bank, its WHMCS and its Stripe are simulated on this machine. A month of it has passed; this is what happened.',
    booked: {
      title: 'Money that found its invoice',
      text: 'Open one: the bank’s line, the evidence, the call to WHMCS and what was read back.',
    },
    review: {
      title: 'What was too doubtful to book',
      text: 'Decide with the keyboard alone: J and K to move, A to approve, R to reject.',
    },
    before: {
      title: 'Money that was booked before Payymo came',
      text: 'Recognised in WHMCS, and never booked a second time.',
    },
    payouts: {
      title: 'A payout of Stripe, to the cent',
      text: 'Which charges it holds, which fees went off, and its line at the bank.',
    },
    matching: {
      title: 'How much is done without a person',
      text: 'See what would be booked before it is switched on.',
    },
    webhooks: {
      title: 'What other programs are told',
      text: 'Each delivery with its tries; any time can be sent again.',
    },
    audit: { title: 'Who did what', text: 'Chained entry to entry, so that a change would show.' },
  },
}
