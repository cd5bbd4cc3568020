import { type Habit, stranger } from './matching-habits-common.ts'
import { domainOf, serviceOf } from './matching-habits-facts.ts'

/** What payers write who give no number of an invoice. */

export const textHabits: readonly Habit[] = [
  [
    'only the domain, payer unknown',
    5,
    (world) => {
      const invoice = world.takeClear((one) => domainOf(one) !== '')
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          text: world.pick([
            domainOf(invoice),
            `www.${domainOf(invoice)}`,
            `${world.pick(world.words().hosting)} ${domainOf(invoice)}`,
          ]),
          why: 'domain and amount',
        })
    },
  ],
  [
    'only the service',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([serviceOf(invoice), world.pick(world.words().hosting)]),
          why: 'payer and amount',
        })
    },
  ],
  [
    'only the customer number, payer unknown',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          text: `${world.pick(world.words().customer)} ${invoice.client.id}`,
          expected: 'auto-or-review',
          why: 'customer number and amount',
        })
    },
  ],
  [
    'only the customer number, payer known',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: `${world.chance(0.7) ? world.pick(world.words().customer) : ''} ${invoice.client.id}`.trim(),
          why: 'payer, customer number and amount',
        })
    },
  ],
  [
    'greeting or "as agreed" alone',
    5,
    (world) => {
      const invoice = world.takeClear()
      const words = world.words()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([...words.thanks, ...words.agreed]),
          why: 'payer and amount',
        })
    },
  ],
  [
    'mail address of the client, payer unknown',
    5,
    (world) => {
      const invoice = world.takeClear(
        ({ client }) => !client.email.startsWith('info@') && !client.email.startsWith('office@'),
      )
      if (invoice)
        world.pay(invoice, { payer: stranger(world), text: invoice.client.email, why: 'mail address and amount' })
    },
  ],
]
