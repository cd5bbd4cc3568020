import type { Operation } from './operations.ts'

/** One id of each kind, by its prefix. */
export type Known = Record<string, string>

export interface Attempt {
  url: string
  body?: string
  /** The ids that stand in it. */
  ids: string[]
}

const ID = /\b([a-z]{3,5})_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g

/** Every way to name a foreign thing in this operation: each kind of id in its path, then in each id of its query and of
 *  its documented example body. */
export function attemptsOf(operation: Operation, known: Known): ((ids: Known) => Attempt)[] {
  const parameters = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const bodies = operation.body ? [operation.example ?? '{}'] : [undefined]
  const inPath =
    parameters.length === 0
      ? []
      : Object.keys(known).flatMap((kind) =>
          bodies.map((body) => (ids: Known) => {
            const used = new Set<string>()
            const take = (prefix: string) => {
              used.add(ids[prefix]!)
              return ids[prefix]!
            }
            const url = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
              name === 'id' ? take(kind) : name in ids ? take(name) : '1',
            )
            const filled = body === undefined ? undefined : withIds(body, ids, used)
            return { url, ...(filled === undefined ? {} : { body: filled }), ids: [...used] }
          }),
        )
  const inBody =
    parameters.length > 0 || !operation.body || operation.example === undefined || !ID.test(operation.example)
      ? []
      : [
          (ids: Known) => {
            const used = new Set<string>()
            return { url: operation.path, body: withIds(operation.example!, ids, used), ids: [...used] }
          },
        ]
  const inQuery =
    operation.method === 'GET' && parameters.length === 0
      ? operation.parameters
          .filter(({ name, in: where }) => where === 'query' && /(^|_)id$/.test(name))
          .flatMap(({ name }) =>
            Object.keys(known).map((kind) => (ids: Known) => ({
              url: `${operation.path}?${name}=${ids[kind]}`,
              ids: [ids[kind]!],
            })),
          )
      : []
  ID.lastIndex = 0
  return [...inPath, ...inBody, ...inQuery]
}

/** The example with each id in it replaced by one of the same kind. */
function withIds(text: string, ids: Known, used: Set<string>): string {
  return text.replaceAll(ID, (id, kind: string) => {
    const other = ids[kind]
    if (other === undefined) return id
    used.add(other)
    return other
  })
}
