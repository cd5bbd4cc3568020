import { type Habits, PERSONALITIES, type Personality, TIDY } from './habits.ts'
import type { SeedInstitution } from './seed.ts'

/** The countries GoCardless names; others are refused with `Invalid country choice.` (reference 1.3). */
export const COUNTRIES =
  'AT BE BG HR CY CZ DK EE FI FR DE GB GR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK ES'.split(' ')

export interface Institution {
  id: string
  name: string
  bic: string
  countries: string[]
  transaction_total_days: string
  max_access_valid_for_days: string
  supported_features: string[]
  habits: Habits
}

export const SANDBOX_INSTITUTION = 'SANDBOXFINANCE_SFIN0000'
/** Flag of banks that answer an extended history from a cache for ever after (reference 1.12). */
export const CACHED_HISTORY = 'separate_continuous_history_consent'
const FEATURES = ['access_scopes', 'business_accounts', 'pending_transactions', 'private_accounts']

/** Invented banks: id stem, name, BIC, country, personality. No real bank is meant by any of them. */
const BANKS: [string, string, string, string, Personality][] = [
  ['NORDLICHT', 'Nordlicht Bank', 'NOLIDEH1', 'DE', 'tidy'],
  ['SPK_AUENTAL', 'Sparkasse Auental', 'SPAUDEF1', 'DE', 'savings'],
  ['RHEINKONTOR', 'Rheinkontor', 'RHKODED1', 'DE', 'labelled'],
  ['HANSEKREDIT', 'Hansekredit', 'HAKRDEH2', 'DE', 'wrapped'],
  ['ALPENHYPO', 'Alpenhypo Tirol', 'ALHYAT22', 'AT', 'savings'],
  ['DONAUBANK', 'Donaubank', 'DONAATWW', 'AT', 'filling'],
  ['POLDERBANK', 'Polderbank', 'POLDNL2A', 'NL', 'lines'],
  ['GRACHTEN', 'Grachten Direct', 'GRACNL22', 'NL', 'tidy'],
  ['SCHELDEBANK', 'Scheldebank', 'SCHEBEBB', 'BE', 'reusing'],
  ['ARDENNES', "Crédit d'Ardenne", 'CRARBEB1', 'BE', 'labelled'],
  ['BANQUE_LOIRE', 'Banque de la Loire', 'BQLOFRPP', 'FR', 'lines'],
  ['CREDIT_GARONNE', 'Crédit Garonne', 'CRGAFRP1', 'FR', 'both_sides'],
  ['THAMESIDE', 'Thameside Bank', 'THAMGB21', 'GB', 'tidy'],
  ['PENNINE_BS', 'Pennine Building Society', 'PENNGB2L', 'GB', 'renaming'],
  ['MERCIA_COOP', 'Mercia Co-operative', 'MERCGB22', 'GB', 'reusing'],
  ['FENLAND', 'Fenland Savings', 'FENLGB21', 'GB', 'idless'],
  ['SHANNON', 'Shannon Bank', 'SHANIE2D', 'IE', 'tidy'],
  ['CONNACHT_CU', 'Connacht Credit', 'CONNIE21', 'IE', 'swapping'],
  ['BANCO_SIERRA', 'Banco de la Sierra', 'BASIESMM', 'ES', 'slashed'],
  ['CAJA_LEVANTE', 'Caja Levante', 'CALEESVV', 'ES', 'both_sides'],
  ['BANCA_LARIO', 'Banca del Lario', 'BLARITM1', 'IT', 'value_ahead'],
  ['CREDITO_ETNA', 'Credito Etna', 'CRETITPP', 'IT', 'filling'],
  ['SUOMIKASSA', 'Suomikassa', 'SUKAFIHH', 'FI', 'doubling'],
  ['JARVIPANKKI', 'Järvipankki', 'JARVFI22', 'FI', 'tidy'],
  ['RANNAPANK', 'Rannapank', 'RANNEE22', 'EE', 'in_text'],
  ['HANSAKREDIIT', 'Hansakrediit', 'HANKEE2X', 'EE', 'tidy'],
  ['SKARGARD', 'Skärgårdsbanken', 'SKARSESS', 'SE', 'shifting'],
  ['FJALLKORT', 'Fjällkort', 'FJALSES1', 'SE', 'inverted'],
  ['OERESUND', 'Øresund Bank', 'OERSDKKK', 'DK', 'value_ahead'],
  ['LIMFJORD', 'Limfjord Sparekasse', 'LIMFDK22', 'DK', 'shifting'],
  ['FJORDBANK', 'Fjordbank', 'FJORNOK1', 'NO', 'next_month'],
  ['NORDKAPP', 'Nordkapp Sparebank', 'NOKANO22', 'NO', 'shifting'],
  ['WISLA', 'Bank Wisła', 'WISLPLPW', 'PL', 'forgetting'],
  ['KARPACKI', 'Karpacki Bank', 'KARPPLPX', 'PL', 'tidy'],
  ['CARPATIA', 'Banca Carpatia', 'CARPRO22', 'RO', 'notprovided'],
  ['DUNAREA', 'Banca Dunărea', 'DUNAROBU', 'RO', 'gappy'],
  ['ATLANTICO', 'Banco Atlântico Norte', 'ATLNPTPL', 'PT', 'drifting'],
  ['MONDEGO', 'Caixa Mondego', 'MONDPTP1', 'PT', 'tidy'],
  ['AEGEAN', 'Aegean Bank', 'AEGEGRAA', 'GR', 'unsigned'],
  ['OLYMPIA', 'Olympia Trust', 'OLYMGRA1', 'GR', 'renamed'],
  ['NEMUNAS', 'Nemuno bankas', 'NEMULT22', 'LT', 'reissuing'],
  ['DAUGAVA', 'Daugavas Banka', 'DAUGLV22', 'LV', 'strict'],
  ['VLTAVA', 'Vltavská banka', 'VLTACZPP', 'CZ', 'tidy'],
]

/** Every country has at least these two besides its own invented ones, so that none is empty. */
const EVERYWHERE: [string, string, string, Personality][] = [
  ['EUROKONTOR', 'Eurokontor', 'EUKO', 'tidy'],
  ['MERIDIAN_PAY', 'Meridian Pay', 'MERI', 'reissuing'],
]

/** The built-in banks with those of the seed, by id. Pure. */
export function institutionsWith(extra: SeedInstitution[]): Map<string, Institution> {
  const all = new Map<string, Institution>()
  const add = (
    id: string,
    name: string,
    bic: string,
    countries: string[],
    habits: Partial<Habits>,
    features = FEATURES,
  ) =>
    all.set(id, {
      id,
      name,
      bic,
      countries,
      transaction_total_days: '730',
      max_access_valid_for_days: countries.includes('GB') ? '90' : '180',
      supported_features: features,
      habits: { ...TIDY, ...habits },
    })
  add(SANDBOX_INSTITUTION, 'Sandbox Finance', 'SFIN0000', ['XX'], PERSONALITIES.sandbox)
  for (const [stem, name, bic, country, personality] of BANKS) {
    const cached = stem === 'RANNAPANK' || stem === 'BANCO_SIERRA'
    const features = cached ? [...FEATURES, CACHED_HISTORY] : FEATURES
    add(`${stem}_${bic}`, name, bic, [country], PERSONALITIES[personality], features)
  }
  for (const [stem, name, bank, personality] of EVERYWHERE) {
    for (const country of COUNTRIES) {
      const bic = `${bank}${country}22`
      const features = personality === 'tidy' ? [...FEATURES, 'account_selection'] : FEATURES
      add(`${stem}_${bic}`, `${name} ${country}`, bic, [country], PERSONALITIES[personality], features)
    }
  }
  for (const one of extra) {
    const known = all.get(one.id)
    add(one.id, one.name, one.bic, one.countries, one.habits ?? known?.habits ?? {}, one.supportedFeatures)
    const made = all.get(one.id)!
    made.transaction_total_days = one.transactionTotalDays ?? made.transaction_total_days
    made.max_access_valid_for_days = one.maxAccessValidForDays ?? made.max_access_valid_for_days
  }
  return all
}
