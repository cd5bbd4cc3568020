import { classes } from './classes.ts'
import { useFormats } from './format.ts'

/** Money, in columns that line up. Money out is said by its sign, not by a colour alone. */
export function Amount({
  amount,
  currency,
  direction,
  strong = false,
}: {
  amount: string
  currency: string
  direction?: 'credit' | 'debit'
  strong?: boolean
}) {
  const formats = useFormats()
  return (
    <span
      className={classes('tabular whitespace-nowrap', strong && 'font-semibold', direction === 'debit' && 'text-soft')}
    >
      {direction === 'debit' ? '−' : ''}
      {formats.amount(amount, currency)}
    </span>
  )
}
