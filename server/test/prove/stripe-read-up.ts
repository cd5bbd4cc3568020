import type { StripeStage } from './stripe-stage.ts'

/** Readings until nothing is left to read. Each looks around few of the charges without a number of their own. */
export async function readUp(stage: StripeStage): Promise<void> {
  const looked = async (): Promise<string> => {
    const { rows } = await stage.pool.query<{ count: string }>(
      'select count(*) from stripe_charges where looked_around',
    )
    return rows[0]!.count
  }
  await stage.sync()
  for (let before = ''; before !== (before = await looked()); ) await stage.sync()
  stage.stripe.control.assertInvariants()
}
