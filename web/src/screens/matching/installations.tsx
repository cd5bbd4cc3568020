import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'

/** What each WHMCS does with what is left over, and whether it mails: set at the installation. */
export function Installations() {
  const { matching: words } = useWords()
  const payymo = useApi()
  const { data } = useQuery({
    queryKey: ['whmcs-instances', 'of-matching'],
    queryFn: async ({ signal }) =>
      (await payymo.whmcsInstances.list({ per_page: 100 }, { signal })).data.filter(
        ({ status }) => status !== 'disconnected',
      ),
  })
  if (!data || data.length === 0) return null
  return (
    <Card title={words.installations.title}>
      <ul className="divide-y divide-line">
        {data.map(({ id, system_url: url, settings }) => (
          <li key={id}>
            <Link
              to="/connections/$id"
              params={{ id }}
              className="flex min-h-14 items-center gap-3 px-4 py-2.5 hover:bg-sunken"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{url}</span>
                <span className="block text-sm text-soft">
                  {words.installations.surplus[settings.surplus]}{' '}
                  {settings.confirmation_email ? words.installations.mails : words.installations.silent}
                </span>
              </span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-faint" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
