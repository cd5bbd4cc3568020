import { useEffect } from 'react'

const last = new Map<string, object>()

/** Remembers how a list was filtered, for the way back to it. */
export function useKeptSearch(path: string, search: object): void {
  useEffect(() => void last.set(path, search), [path, search])
}

/** How the list was filtered last; nothing when it was not seen yet. */
export const lastSearch = <T extends object>(path: string): Partial<T> => last.get(path) ?? {}
