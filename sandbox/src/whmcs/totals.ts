import { divideRounded, RATE_WHOLE, rateUnits } from './money.ts'
import type { Invoice, Item } from './rows.ts'
import type { Switches } from './switches.ts'

/** Net and taxes of the lines. Exclusive: taxes come on top; inclusive: they are taken out of the amounts. Either way
 *  `subtotal + tax + tax2` is what the lines cost (reference 2.2). */
export function totalsOf(
  items: Item[],
  taxrate: string,
  taxrate2: string,
  tax: Switches['tax'],
): Pick<Invoice, 'subtotalMinor' | 'taxMinor' | 'tax2Minor'> {
  const sum = (lines: Item[]): bigint => lines.reduce((total, line) => total + line.amountMinor, 0n)
  const all = sum(items)
  const taxed = sum(items.filter((item) => item.taxed))
  const [rate, rate2] = [rateUnits(taxrate), rateUnits(taxrate2)]
  if (tax === 'exclusive') {
    return {
      subtotalMinor: all,
      taxMinor: divideRounded(taxed * rate, RATE_WHOLE),
      tax2Minor: divideRounded(taxed * rate2, RATE_WHOLE),
    }
  }
  const net = divideRounded(taxed * RATE_WHOLE, RATE_WHOLE + rate + rate2)
  const tax2Minor = divideRounded(net * rate2, RATE_WHOLE)
  return { subtotalMinor: all - taxed + net, taxMinor: taxed - net - tax2Minor, tax2Minor }
}

/** What remained to pay after credit. */
export const totalOf = (invoice: Invoice): bigint =>
  invoice.subtotalMinor + invoice.taxMinor + invoice.tax2Minor - invoice.creditMinor

/** What credit notes took off it. */
export const notesOf = (invoice: Invoice): bigint => invoice.creditNotesMinor ?? 0n
