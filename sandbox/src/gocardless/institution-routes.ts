import { COUNTRIES, type Institution } from './institutions.ts'
import { flat, keyed, keyedTexts, notFound } from './refusals.ts'
import { ok, type Route } from './route.ts'

/** Filter names of the list, with the feature each asks for. */
const FILTERS = Object.fromEntries(
  [
    'access_scopes',
    'account_selection',
    'business_accounts',
    'card_accounts',
    'corporate_accounts',
    'pending_transactions',
    'private_accounts',
    'read_debtor_account',
    'read_refund_account',
    'separate_continuous_history_consent',
    'ssn_verification',
  ].map((feature) => [`${feature}_supported`, feature]),
)

const shown = (one: Institution) => ({
  id: one.id,
  name: one.name,
  bic: one.bic,
  transaction_total_days: one.transaction_total_days,
  countries: one.countries,
  logo: `https://cdn-logos.gocardless.com/ais/${one.id}.png`,
  max_access_valid_for_days: one.max_access_valid_for_days,
  ...(one.countries.includes('GB') ? { max_access_valid_for_days_reconfirmation: '180' } : {}),
  supported_features: one.supported_features,
  identification_codes: [],
})

export const INSTITUTION_ROUTES: Route[] = [
  {
    method: 'GET',
    path: '/institutions/',
    endpoint: 'institutions/list',
    bucket: 'institutions',
    query: ['country', ...Object.keys(FILTERS)],
    handle: ({ world, query }) => {
      const country = query.get('country')?.toUpperCase()
      if (country !== undefined && !COUNTRIES.includes(country)) {
        const detail = `${country} is not a valid choice.`
        throw keyed({ country: { summary: 'Invalid country choice.', detail } })
      }
      let found = [...world.institutions.values()]
      if (country !== undefined) found = found.filter((one) => one.countries.includes(country))
      for (const [name, feature] of Object.entries(FILTERS)) {
        const wanted = query.get(name)?.toLowerCase()
        if (wanted === undefined) continue
        if (wanted !== 'true' && wanted !== 'false') throw keyedTexts({ [name]: ['Must be a valid boolean.'] })
        found = found.filter((one) => one.supported_features.includes(feature) === (wanted === 'true'))
      }
      return ok(found.map(shown))
    },
  },
  {
    method: 'GET',
    path: '/institutions/{id}/',
    endpoint: 'institutions/read',
    bucket: 'institutions',
    handle: ({ world, id }) => {
      const one = world.institutions.get(id)
      if (one === undefined) throw id === '' ? notFound() : flat(404, 'Not found.', `Institution ${id} not found.`)
      return ok(shown(one))
    },
  },
]
