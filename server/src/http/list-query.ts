import { z } from 'zod'
import { endsOf, filtersOf, type ListFilter, type ListSource, sortsOf } from './list-source.ts'
import { currencySchema, daySchema, idSchema } from './validate.ts'

export const PER_PAGE_MAX = 100

/** The query parameters of a list: pages or a cursor, sorting, `updated_since`, `q` where there are texts, and the source's
 *  filters. `filterShapes` replaces the shape that follows from a filter's kind. */
export function listQuery(
  source: Pick<ListSource, 'filters' | 'sortable'> & Partial<Pick<ListSource, 'search' | 'times' | 'alias'>>,
  filterShapes: Record<string, z.ZodType> = {},
) {
  const named = { ...source, alias: source.alias ?? '' }
  const filters: Record<string, z.ZodType> = {}
  for (const [name, filter] of Object.entries(filtersOf(named))) {
    const shape = filterShapes[name] ?? shapeOf(filter)
    filters[name] = shape.optional()
    if (filter.range) for (const end of endsOf(filter.kind)) filters[name + end] = shape.optional()
  }
  const sorts = Object.keys(sortsOf(named)).flatMap((field) => [field, `-${field}`])
  return z.strictObject({
    page: wholeNumber(1, 1_000_000).optional(),
    per_page: wholeNumber(1, PER_PAGE_MAX).optional(),
    cursor: z
      .string()
      .max(2000)
      .optional()
      .describe('The `next_cursor` of the page before, with the same sort and filters.'),
    sort: z.enum(sorts as [string, ...string[]]).optional(),
    updated_since: daySchema.optional(),
    ...(source.search ? { q: searchText.optional() } : {}),
    ...filters,
  })
}

export const searchText = z
  .string()
  .max(200, 'Must have at most 200 characters')
  .describe('Each word must begin a word of the row. Case and accents do not matter.')

const DECIMAL = z
  .string()
  .regex(/^-?\d{1,13}(\.\d{1,20})?$/, 'Must be a decimal number such as 1250.00')
  .meta({ examples: ['1250.00'] })

function shapeOf(filter: ListFilter): z.ZodType {
  switch (filter.kind) {
    case 'enum':
      return z.enum(filter.values as [string, ...string[]])
    case 'boolean':
      return z.enum(['true', 'false'])
    case 'id':
      return filter.prefix ? idSchema(filter.prefix) : z.string().max(200)
    case 'amount':
    case 'number':
      return DECIMAL
    case 'currency':
      return currencySchema
    case 'time':
    case 'day':
      return daySchema
    default:
      return z.string().max(400, 'Must have at most 400 characters')
  }
}

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `Must be a whole number from ${min} to ${max}`)
    .transform((text) => Number.parseInt(text, 10))
    .refine((value) => value >= min && value <= max, `Must be a whole number from ${min} to ${max}`)
