const states = {
  pending: 'Waiting for Stripe',
  active: 'Connected',
  error: 'Needs attention',
  failed: 'Not connected',
  disconnected: 'Disconnected',
}

/** In place of the API's sentence, where that speaks to programs. */
const faults: Record<string, string> = {
  access_denied: 'You declined at Stripe. Nothing was connected.',
  authorization_expired: 'Nobody came back from Stripe within ten minutes. Start again.',
  stripe_unreachable: 'Stripe could not be reached, and nothing was connected. Start again.',
  outcome_unknown: 'Stripe did not say whether the account was connected. Start again: it does no harm.',
  code_refused:
    'Stripe refused what it had sent you back with, perhaps because it was older than five minutes. Start again.',
  platform_refused:
    'Stripe refused the key of this Payymo installation. Whoever runs it must check its Stripe settings.',
  platform_missing:
    'Signing in at Stripe is not set up in this Payymo installation. Connect with a restricted key instead.',
  mode_mismatch:
    'The account was connected in the other mode (live or test), and was let go again. Start again in the right mode.',
  scope_mismatch: 'The account was connected with other rights than asked for, and was let go again. Start again.',
  revoked: 'Stripe withdrew the access as soon as it was given. Start again.',
  disconnected: 'It was disconnected before you came back. Start again.',
}

export const stripe = {
  title: 'Stripe',
  none: 'No Stripe account yet',
  emptyText:
    'Connect Stripe: payouts on the bank account are explained line by line, and card payments find their invoices.',
  states,
  faults,
  test: 'Test mode',
  live: 'Live',
  unnamed: 'Stripe account',
  add: 'Connect Stripe',
  way: 'How to connect',
  ways: { oauth: 'Sign in at Stripe', key: 'By a restricted key' },
  oauthHint: 'Recommended. You sign in at Stripe, choose the account and come back. Events arrive by themselves.',
  keyHint: 'You make a key in Stripe that may only read. Events need an endpoint that you add in Stripe afterwards.',
  go: 'Go on to Stripe',
  going: 'Opening Stripe …',
  goText:
    'It takes you to Stripe, and back here within ten minutes. You then see which account it is before anything else happens.',
  makeKey: 'Make the key in Stripe',
  makeKeySteps: (mode: string) => [
    `In Stripe (${mode}) open Developers > API keys and create a restricted key.`,
    'Give these permissions Read, and leave all others at None:',
  ],
  openStripe: 'Open this page in Stripe',
  modes: { live: 'live mode', test: 'test mode' },
  required: 'Needed',
  optional: 'For names of invoices, and for news that came while events did not arrive',
  key: 'Restricted key',
  keyFieldHint: 'Begins with rk_. It is stored encrypted and never shown again.',
  name: 'Name',
  nameHint: 'What you call the account. Restricted keys may not read its name at Stripe.',
  create: 'Connect',
  // The way back
  finishing: 'Connecting the account …',
  notHere: 'This way back from Stripe was not begun in this browser, so nothing was connected. Start again here.',
  again: 'Start again',
  isIt: (name: string) => `Connected: ${name}. Is that the right account?`,
  isItText:
    'Stripe sometimes offers to make a second, empty account. If it is not the one your customers pay into, disconnect it and start again.',
  yes: 'Yes, it is',
  no: 'No, disconnect it',
  notConnected: 'The account was not connected.',
  // Facts
  account: 'Account',
  country: 'Country',
  currency: 'Currency',
  mode: 'Mode',
  kind: 'Connected by',
  kinds: { connect_oauth: 'Sign-in at Stripe', restricted_key: 'Restricted key' },
  lastSync: 'Last read',
  nextSync: 'Next read',
  connectedAt: 'Connected',
  disconnectedAt: 'Disconnected',
  firstRead: 'The last 30 days are being read …',
  missing: (permissions: string) =>
    `The key lacks ${permissions}. Payments are read all the same; names of invoices or late news may be missing. Add the permission to the key in Stripe.`,
  money: 'Its money',
  payouts: 'Payouts',
  payoutsText: 'What reached the bank, and what it was made of.',
  transactions: 'Transactions',
  transactionsText: 'Charges, refunds and fees, line by line.',
  // Events
  events: 'Events from Stripe',
  eventsOn: 'Stripe tells what happens, and it is seen within seconds.',
  eventsOff: 'Stripe does not tell what happens yet, so that the account is read every hour.',
  eventsSteps: {
    endpoint: 'Add an endpoint in Stripe',
    endpointText: 'Developers > Webhooks > Add destination, for events on your account. Its address:',
    choose: 'Choose the events',
    chooseText: 'All events of these kinds:',
    secret: 'Give its signing secret here',
    secretText: 'Stripe shows it on the page of the endpoint.',
  },
  url: 'Address of the endpoint',
  eventKinds: 'Kinds of events',
  secret: 'Signing secret',
  secretHint: 'Begins with whsec_. It is stored encrypted and never shown again.',
  secretSave: 'Save the secret',
  secretSaved: 'The secret is kept. Events are taken from now on.',
  secretReplace: 'Replace the secret',
  secretRemove: 'Stop taking events',
  secretRemoveText:
    'The secret is forgotten, and what Stripe sends to the address is refused. The account is read every hour instead.',
  secretRemoved: 'Events are not taken any more.',
  // What can be done
  sync: 'Sync now',
  changeKey: 'Change the key',
  changeKeyText:
    'Another restricted key of the same account. It is tried before it takes the place of the present one.',
  keyChanged: 'The new key is in use.',
  disconnect: 'Disconnect',
  disconnectTitle: (name: string) => `Disconnect ${name}?`,
  disconnectText:
    'The access ends here and at Stripe, and nothing is read any more. Payouts, transactions and everything booked with them stay. Connected again, it goes on where it was.',
  disconnectKeyText:
    'The key is forgotten here, and nothing is read any more. Delete it in Stripe too. Payouts, transactions and everything booked with them stay. Connected again, it goes on where it was.',
  disconnectDone: 'The account is disconnected.',
}
