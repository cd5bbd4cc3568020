import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { STRIPE_EVENTS, targetOf } from './target.ts'

const docs = readFileSync(new URL('../../../../docs/stripe.md', import.meta.url), 'utf8')

it('the page about Stripe names every event that leads to something, and no other', () => {
  const table = docs.slice(docs.indexOf('| about | events |'))
  const named = [...table.matchAll(/`([a-z_]+(?:\.[a-z_]+)+)`/g)].map(([, type]) => type!)
  expect(named.toSorted()).toEqual(STRIPE_EVENTS.toSorted())
  expect(targetOf('invoice.paid')).toBeUndefined()
})
