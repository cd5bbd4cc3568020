import { lazyRouteComponent } from '@tanstack/react-router'

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

/** A screen that is fetched when it is first wanted. Where its file is gone because a newer version was installed, the router loads the
 *  page anew; where the server is out of reach it must not, or the browser's own page would stand in place of ours. */
export const lazyScreen: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(orOutOfReach(load), name)
