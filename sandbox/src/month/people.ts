import { iban } from './iban.ts'
import type { Dice } from './dice.ts'

/** A client of the invented hosting company. Names, companies, domains and accounts are made up. */
export interface Person {
  id: number
  firstname: string
  lastname: string
  company: string
  country: string
  domain: string
  email: string
  iban: string
  /** As the bank prints who paid. */
  payerName: string
  /** What they rent, and what it costs a month or a year, in cents. */
  services: { name: string; priceMinor: bigint }[]
}

interface Country {
  code: string
  first: string[]
  last: string[]
  companies: string[]
  suffix: string
  tld: string
}

const COUNTRIES: Country[] = [
  {
    code: 'DE',
    first: ['Anna', 'Jonas', 'Katrin', 'Stefan', 'Miriam', 'Uwe', 'Svenja', 'Holger', 'Birgit', 'Tobias'],
    last: ['Lindner', 'Brockmann', 'Seidel', 'Hartung', 'Petersen', 'Wolff', 'Kranz', 'Ahlers', 'Vogt', 'Reimers'],
    companies: [
      'Tischlerei Lindner',
      'Fahrradhaus Petersen',
      'Praxis am Markt',
      'Weinkontor Seidel',
      'Brockmann Haustechnik',
      'Elbblick Immobilien',
      'Zimmerei Ahlers',
      'Reimers Bootsbau',
      'Buchhandlung Vogt',
      'Kranz Metallbau',
    ],
    suffix: 'GmbH',
    tld: 'de',
  },
  {
    code: 'NL',
    first: ['Sanne', 'Daan', 'Femke', 'Bram', 'Lotte', 'Pieter'],
    last: ['de Vries', 'van Dijk', 'Bakker', 'Visser', 'Smit', 'Meijer'],
    companies: ['Bakkerij Smit', 'Van Dijk Fietsen', 'Studio Meijer', 'Visser Advies'],
    suffix: 'B.V.',
    tld: 'nl',
  },
  {
    code: 'AT',
    first: ['Lukas', 'Theresa', 'Georg', 'Valentina'],
    last: ['Gruber', 'Pichler', 'Moser', 'Leitner'],
    companies: ['Almhotel Gruber', 'Pichler Optik', 'Weingut Leitner'],
    suffix: 'GmbH',
    tld: 'at',
  },
  {
    code: 'FR',
    first: ['Camille', 'Julien', 'Élodie', 'Mathieu'],
    last: ['Moreau', 'Lefèvre', 'Garnier', 'Roussel'],
    companies: ['Atelier Moreau', 'Boulangerie Garnier', 'Cabinet Roussel'],
    suffix: 'SARL',
    tld: 'fr',
  },
  {
    code: 'IT',
    first: ['Giulia', 'Marco', 'Chiara', 'Alessandro'],
    last: ['Ferrari', 'Colombo', 'Ricci', 'Marino'],
    companies: ['Officina Colombo', 'Ceramiche Ricci', 'Studio Marino'],
    suffix: 'S.r.l.',
    tld: 'it',
  },
  {
    code: 'ES',
    first: ['Lucía', 'Álvaro', 'Marta', 'Sergio'],
    last: ['Navarro', 'Iglesias', 'Romero', 'Castro'],
    companies: ['Viveros Navarro', 'Taller Romero', 'Casa Iglesias'],
    suffix: 'S.L.',
    tld: 'es',
  },
  {
    code: 'GB',
    first: ['Harriet', 'Callum', 'Imogen', 'Rhys'],
    last: ['Whitlock', 'Ashdown', 'Pemberton', 'Tregear'],
    companies: ['Ashdown Joinery', 'Tregear Surf School', 'Pemberton & Daughters'],
    suffix: 'Ltd',
    tld: 'co.uk',
  },
  {
    code: 'CH',
    first: ['Reto', 'Corinne', 'Beat', 'Nadja'],
    last: ['Zurbriggen', 'Aeschbacher', 'Bühler', 'Caduff'],
    companies: ['Caduff Architektur', 'Bühler Velos', 'Praxis Aeschbacher'],
    suffix: 'AG',
    tld: 'ch',
  },
]

const PLANS = [
  { name: 'Hosting S', priceMinor: 599n },
  { name: 'Hosting M', priceMinor: 1190n },
  { name: 'Hosting L', priceMinor: 2490n },
  { name: 'Managed WordPress', priceMinor: 3490n },
  { name: 'VPS 4', priceMinor: 4900n },
  { name: 'VPS 8', priceMinor: 8900n },
  { name: 'Dedicated R3', priceMinor: 17_850n },
  { name: 'Domain renewal', priceMinor: 1788n },
]

/** Names with signs that WHMCS stores as entities; these clients always exist. */
const ALWAYS = [
  'H&K Werbetechnik GmbH',
  "O'Neill Segelsport GmbH",
  'Haus & Garten Wolff GmbH',
  'Möbel "Nordstück" GmbH',
]

/** So many clients beside those there are, each with a place, a name, an account and one or two different services. Names are not
 *  repeated. */
export function makePeople(count: number, dice: Dice, known: readonly Person[] = []): Person[] {
  const takenCompanies = new Set(known.map(({ company }) => company))
  const takenNames = new Set(known.map(({ firstname, lastname }) => `${firstname} ${lastname}`))
  return Array.from({ length: count }, (_, at) => {
    const n = known.length + at
    const country = dice.pick(COUNTRIES, n % 3 === 0 || n < ALWAYS.length ? 0 : undefined)
    let firstname = dice.pick(country.first)
    let lastname = dice.pick(country.last)
    while (takenNames.has(`${firstname} ${lastname}`)) {
      firstname = dice.pick(COUNTRIES.flatMap((one) => one.first))
      lastname = dice.pick(COUNTRIES.flatMap((one) => one.last))
    }
    takenNames.add(`${firstname} ${lastname}`)
    const drawn = dice.chance(0.55) ? `${dice.pick(country.companies)} ${country.suffix}` : ''
    const wanted = ALWAYS[n] ?? drawn
    const company = takenCompanies.has(wanted) ? '' : wanted
    if (company !== '') takenCompanies.add(company)
    const label = plain(company === '' ? `${firstname}-${lastname}` : company.replace(` ${country.suffix}`, ''))
    const domain = `${label}.${country.tld}`
    // Prices differ by extras, so that an amount alone rarely says whose it is.
    const [one, another] = [dice.pick(PLANS), dice.pick(PLANS)]
    const plans = dice.chance(0.25) && one !== another ? [one, another] : [one]
    const services = plans.map((plan) => ({
      name: plan.name,
      priceMinor: plan.priceMinor + BigInt(dice.upTo(9) * 100 + dice.upTo(99)),
    }))
    return {
      id: 101 + n,
      firstname,
      lastname,
      company,
      country: country.code,
      domain,
      email: company === '' ? `${plain(firstname)}@${domain}` : `office@${domain}`,
      iban: iban(country.code, dice),
      payerName: company === '' ? `${firstname} ${lastname}` : company,
      services,
    }
  })
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
