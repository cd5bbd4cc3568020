/** Settings that do not work together, and what to do. */
export interface Combination {
  state: 'warning' | 'problem'
  settings: string[]
  found: string
  next: string
}

/** Whether the address is one of this machine. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
