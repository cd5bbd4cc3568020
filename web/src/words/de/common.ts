import { app } from './app.ts'
import { nav } from './nav.ts'
import { states } from './states.ts'
import { signIn } from './sign-in.ts'
import { fresh } from './fresh.ts'
import { filters } from './filters.ts'
import { search } from './search.ts'
import { alerts } from './alerts.ts'

/** What every screen says, or the frame around it: there from the beginning. The other files come with the screens that speak them. */
export const common = { app, nav, states, signIn, fresh, filters, search, alerts }
