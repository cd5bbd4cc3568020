import type { People } from '../people/deps.ts'

/** What OAuth needs of the rest of the program: all that people have, since they sign in on its pages. */
export type OAuth = People
