import type { Book } from '../ledger/book.ts'
import type { World } from '../world/world.ts'
import { treeOf } from './expand.ts'
import { limitOf, onlyKnown, type Parameters, plain, rangeOf } from './parameters.ts'
import { missing, refuse } from './refusal.ts'
import { render, type View } from './render.ts'
import type { Resource } from './resources.ts'

const PAGING = ['limit', 'starting_after', 'ending_before', 'created', 'expand']

export interface Reading {
  world: World
  book: Book
  view: View
  given: Parameters
}

/** One page of a resource, newest first, next to its cursor. */
export function listOf(resource: Resource, { world, book, view, given }: Reading) {
  onlyKnown(given, [...PAGING, ...resource.filters])
  const limit = limitOf(given)
  const after = plain(given, 'starting_after')
  const before = plain(given, 'ending_before')
  if (after !== undefined && before !== undefined) {
    throw refuse(400, 'You may only specify one of these parameters: ending_before, starting_after.', {
      param: 'ending_before',
    })
  }
  const tree = treeOf(given, resource.type, true)
  const { from, to } = rangeOf(given, 'created')
  const eldest = resource.keptFor === undefined ? 0 : view.now - resource.keptFor
  const narrowing = resource.narrow({ book, given, delivered: world.dispatcher.isDelivered })
  const page = resource.table(book).page({
    limit,
    after,
    before,
    from: Math.max(from ?? 0, eldest),
    to,
    under: narrowing.under,
    fits: narrowing.fits.length === 0 ? undefined : (row) => narrowing.fits.every((fits) => fits(row)),
  })
  if (page === null) {
    const param = after === undefined ? 'ending_before' : 'starting_after'
    throw missing(world.switches.missingCursorStatus, resource.noun, (after ?? before)!, param)
  }
  return {
    object: 'list',
    data: page.rows.map((row) => render(view, row, tree)),
    has_more: page.hasMore,
    url: `/v1/${resource.path}`,
  }
}

/** One object. Throws 404 `resource_missing`. */
export function objectOf(resource: Resource, id: string, { book, view, given }: Reading) {
  onlyKnown(given, ['expand'])
  const tree = treeOf(given, resource.type, false)
  const found = resource.table(book).get(id)
  if (found === undefined || (resource.keptFor !== undefined && found.created < view.now - resource.keptFor)) {
    throw missing(404, resource.noun, id, 'id')
  }
  return render(view, found, tree)
}
