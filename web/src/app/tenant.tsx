import type { Payymo } from '@payymo/sdk'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { openApi } from './api.ts'
import { chosenTenant, type Membership, rememberTenant, type Session } from './session.ts'

/** The tenant that is looked at, as the person sees it. */
export interface Seat {
  session: Session
  tenant: Membership
  payymo: Payymo
  /** Looks at another tenant of the person: the page begins anew, so that nothing of one is shown in another. */
  move(tenantId: string): void
}

const Context = createContext<Seat | undefined>(undefined)

export function Seated({ session, children, none }: { session: Session; children: ReactNode; none: ReactNode }) {
  const tenant = chosenTenant(session)
  const seat = useMemo<Seat | undefined>(
    () =>
      tenant && {
        session,
        tenant,
        payymo: openApi(tenant.id),
        move: (tenantId) => {
          rememberTenant(tenantId)
          location.assign('/')
        },
      },
    [session, tenant],
  )
  return seat ? <Context value={seat}>{children}</Context> : none
}

export function useSeat(): Seat {
  const seat = useContext(Context)
  if (!seat) throw new Error('outside of Seated')
  return seat
}

export const useApi = (): Payymo => useSeat().payymo

const RANKS = ['viewer', 'reviewer', 'admin', 'owner']

export const mayAs = (role: Membership['role'], least: Membership['role']): boolean =>
  RANKS.indexOf(role) >= RANKS.indexOf(least)

/** Whether the person's role in this tenant is at least this one (contract 4.1). */
export const useMay = (role: Membership['role']): boolean => mayAs(useSeat().tenant.role, role)
