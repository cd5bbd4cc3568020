/** Pages for people: where the links of mails lead. The frame is shared with the pages of OAuth. */
import type { Slice } from '../../http/slice.ts'
import type { People } from '../people/deps.ts'
import { pageRoutes } from './routes.ts'

export const pagesSlice = (people: People): Slice => ({ routes: pageRoutes(people) })
