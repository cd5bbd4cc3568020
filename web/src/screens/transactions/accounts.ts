import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'

/** Where money lies: bank accounts, and what Stripe holds. As choices of a filter. */
export function useAccounts(): { value: string; label: string }[] {
  const payymo = useApi()
  const banks = useQuery({
    queryKey: ['bank-accounts', 'all'],
    queryFn: ({ signal }) => payymo.bankAccounts.list({ per_page: 100, sort: 'name' }, { signal }),
  })
  const stripe = useQuery({
    queryKey: ['stripe-connections', 'all'],
    queryFn: ({ signal }) => payymo.stripeConnections.list({ per_page: 100 }, { signal }),
  })
  return [
    ...(banks.data?.data ?? []).map(({ id, name, iban_last4 }) => ({
      value: id,
      label: iban_last4 === null ? name : `${name} ···· ${iban_last4}`,
    })),
    ...(stripe.data?.data ?? []).map(({ id, account_name }) => ({
      value: id,
      label: `Stripe · ${account_name ?? id}`,
    })),
  ]
}
