/** Countries whose banks can be connected. Source: GoCardless Bank Account Data, coverage (EEA and United Kingdom). */
const COUNTRIES = [
  'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK',
].flatMap((codes) => codes.split(' '))

/** Codes with names in a language, by name. */
export function countriesIn(language: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const order = new Intl.Collator(language)
  return COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code })).toSorted((one, other) =>
    order.compare(one.name, other.name),
  )
}

/** The country of a locale such as de-AT, where its banks can be connected; otherwise that of the language, or the first. */
export function countryOf(locale: string): string {
  const { region, language } = new Intl.Locale(locale).maximize()
  if (region !== undefined && COUNTRIES.includes(region)) return region
  return language === 'en' ? 'GB' : COUNTRIES[0]!
}
