const KEY = 'payymo.stripe-state'

/** Keeps the mark of a way to Stripe with this tab: another way back is not taken. */
export function keepBegun(authorizationUrl: string): void {
  const state = URL.parse(authorizationUrl)?.searchParams.get('state')
  if (state != null) sessionStorage.setItem(KEY, state)
}

/** Whether this tab began the way that ends with the mark. */
export const hasBegun = (state: string): boolean => sessionStorage.getItem(KEY) === state

export const forgetBegun = (): void => sessionStorage.removeItem(KEY)
