import { lazyRouteComponent } from '@tanstack/react-router'
import { loadWords, type Section } from './word-store.ts'

/** The server cannot be reached, and what is wanted of it was not fetched before. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach'
}

export const isReachable = (): Promise<boolean> =>
  fetch('/icon.svg', { cache: 'no-store' }).then(
    () => true,
    () => false,
  )

const orOutOfReach =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    try {
      return await load()
    } catch (error) {
      throw (await isReachable()) ? error : new OutOfReach()
    }
  }

/** A screen that is fetched with the words it says when it is first wanted. Where its file is gone because a newer version was installed, the router loads the
 *  page anew; where the server is out of reach it must not, or the browser's own page would stand in place of ours. */
export const lazyScreen = <T extends Record<string, unknown>, K extends keyof T>(
  load: () => Promise<T>,
  name: K,
  says: readonly Section[] = [],
) => lazyRouteComponent<T, K>(orOutOfReach(withWords(load, says)), name)

/** What `load` brings, when its words are there, too. */
export const withWords =
  <T>(load: () => Promise<T>, says: readonly Section[]) =>
  async (): Promise<T> =>
    (await Promise.all([load(), loadWords(says)]))[0]
