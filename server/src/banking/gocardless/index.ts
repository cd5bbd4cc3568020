import { z } from 'zod'
import { isCurrency, readAmount } from '../../base/money.ts'
import {
  type BankFeed,
  BankFeedError,
  type ConsentState,
  type FeedAccount,
  type FeedLine,
  type Institution,
} from '../bank-feed.ts'
import { createGocardlessClient, type GocardlessOptions } from './client.ts'
import { habitsOf } from './habits.ts'
import { toLine, transactionsSchema } from './to-lines.ts'

const text = z.string().max(2_000).nullish()
const institutionSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  logo: text,
  countries: z.array(z.string()).nullish(),
  transaction_total_days: z.union([z.string(), z.number()]).nullish(),
  max_access_valid_for_days: z.union([z.string(), z.number()]).nullish(),
  supported_features: z.array(z.unknown()).nullish(),
})
const requisitionSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  accounts: z.array(z.string()).nullish(),
  agreement: text,
  link: text,
})
const agreementSchema = z.looseObject({ id: z.string(), accepted: text })
const metadataSchema = z.looseObject({ iban: text, bban: text, name: text, owner_name: text, status: text })
const detailsSchema = z.looseObject({
  account: z.looseObject({
    iban: text,
    bban: text,
    scan: text,
    maskedPan: text,
    currency: text,
    ownerName: text,
    name: text,
    displayName: text,
    product: text,
  }),
})
const balancesSchema = z.looseObject({
  balances: z.array(
    z.looseObject({
      balanceAmount: z.object({ amount: z.union([z.string(), z.number()]), currency: z.string() }),
      balanceType: z.string().nullish(),
    }),
  ),
})

/** For cards `interimAvailable` is often the remaining credit, so what is booked comes first. */
const BALANCE_PREFERENCE = ['interimbooked', 'closingbooked', 'interimavailable', 'expected']
const HISTORY_DAYS = 90
const ACCESS_DAYS = 180

/** GoCardless Bank Account Data as a BankFeed. Polling only: this product sends no webhooks. */
export function createGocardless(options: GocardlessOptions): BankFeed {
  const client = createGocardlessClient(options)
  const read = <T>(schema: z.ZodType<T>, value: unknown): T => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    throw new BankFeedError(
      'unreachable',
      'unreadable_answer',
      'GoCardless answered in a shape that is not its own. Payymo tries again by itself.',
    )
  }

  /** Some banks leave the currency out of the details; their balances have one. */
  const balanceCurrency = async (path: string): Promise<string> => {
    const { balances } = read(balancesSchema, await client.get(`${path}balances/`))
    const currency = balances.map((balance) => currencyIn(balance.balanceAmount.currency)).find(Boolean)
    if (currency !== undefined) return currency
    throw new BankFeedError('gone', 'currency_unknown', 'The bank does not say in which currency the account is kept.')
  }

  return {
    listInstitutions: async (country) =>
      read(z.array(institutionSchema), await client.get('/institutions/', { country: country.toUpperCase() })).map(
        toInstitution,
      ),

    getInstitution: async (id) => {
      try {
        return toInstitution(read(institutionSchema, await client.get(`/institutions/${encodeURIComponent(id)}/`)))
      } catch (error) {
        if (error instanceof BankFeedError && (error.reason === 'not_found' || error.fault === 'refused'))
          return undefined
        throw error
      }
    },

    startConsent: async ({ institution, redirectUrl, reference, historyDays, language }) => {
      const wanted = {
        history: Math.min(historyDays, institution.maxHistoryDays),
        access: Math.min(ACCESS_DAYS, institution.maxAccessDays),
      }
      const agree = (terms: { history: number; access: number }) =>
        client.post('/agreements/enduser/', {
          institution_id: institution.id,
          max_historical_days: terms.history,
          access_valid_for_days: terms.access,
          access_scope: ['balances', 'details', 'transactions'],
        })
      let terms = wanted
      let agreement: unknown
      try {
        agreement = await agree(terms)
      } catch (error) {
        // The advertised maxima are sometimes wrong; 89 and 90 days are granted where 90 and 180 are not.
        if (!(error instanceof BankFeedError) || error.fault !== 'refused') throw error
        terms = { history: Math.min(89, wanted.history), access: Math.min(90, wanted.access) }
        agreement = await agree(terms)
      }
      const requisition = read(
        requisitionSchema,
        await client.post('/requisitions/', {
          redirect: redirectUrl,
          institution_id: institution.id,
          agreement: read(agreementSchema, agreement).id,
          reference,
          ...(language === undefined ? {} : { user_language: language.toUpperCase() }),
        }),
      )
      if (!requisition.link || !/^https?:\/\//.test(requisition.link)) {
        throw new BankFeedError(
          'unreachable',
          'unreadable_answer',
          'GoCardless gave no address to send you to. Try again.',
        )
      }
      return {
        requisitionId: requisition.id,
        link: requisition.link,
        accessDays: terms.access,
        historyDays: terms.history,
      }
    },

    readConsent: async (requisitionId): Promise<ConsentState> => {
      const requisition = read(
        requisitionSchema,
        await client.get(`/requisitions/${encodeURIComponent(requisitionId)}/`),
      )
      const accountIds = requisition.accounts ?? []
      const linked = requisition.status === 'LN' && accountIds.length > 0
      const failed = ['RJ', 'EX', 'SU', 'ER'].includes(requisition.status)
      let acceptedAt: Date | null = null
      if (linked && requisition.agreement) {
        const agreement = read(
          agreementSchema,
          await client.get(`/agreements/enduser/${encodeURIComponent(requisition.agreement)}/`),
        )
        acceptedAt =
          agreement.accepted && !Number.isNaN(Date.parse(agreement.accepted)) ? new Date(agreement.accepted) : null
      }
      return {
        status: linked ? 'linked' : failed ? 'failed' : 'pending',
        word: requisition.status,
        accountIds,
        acceptedAt,
      }
    },

    endConsent: async (requisitionId) => {
      try {
        await client.delete(`/requisitions/${encodeURIComponent(requisitionId)}/`)
      } catch (error) {
        // Gone already is as good.
        if (!(error instanceof BankFeedError) || error.reason !== 'not_found') throw error
      }
    },

    getAccount: async (providerAccountId): Promise<FeedAccount> => {
      const path = `/accounts/${encodeURIComponent(providerAccountId)}/`
      const metadata = read(metadataSchema, await client.get(path))
      const details = read(detailsSchema, await client.get(`${path}details/`)).account
      const currency = currencyIn(details.currency) ?? (await balanceCurrency(path))
      const iban = compact(metadata.iban) ?? compact(details.iban) ?? ibanIn(details.bban)
      return {
        providerAccountId,
        name:
          compactName(
            metadata.name,
            details.name,
            details.displayName,
            details.product,
            metadata.owner_name,
            details.ownerName,
          ) ?? 'Account',
        currency,
        // Card accounts put a masked number where the IBAN belongs.
        iban: iban !== undefined && /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban) ? iban : null,
        otherNumber:
          compact(metadata.bban) ??
          compact(details.bban) ??
          compact(details.scan) ??
          compact(details.maskedPan) ??
          iban ??
          null,
      }
    },

    listLines: async ({ providerAccountId, currency, institutionId }, from, to) => {
      const answer = await client.get(`/accounts/${encodeURIComponent(providerAccountId)}/transactions/`, {
        date_from: from,
        date_to: to,
      })
      const { booked, pending } = read(transactionsSchema, answer).transactions
      const habits = habitsOf(institutionId)
      const all = [
        ...booked.map((entry) => toLine(entry, 'booked', currency, habits)),
        ...(habits.pendingUsable ? (pending ?? []) : []).map((entry) => toLine(entry, 'pending', currency, habits)),
      ]
      return {
        // Entries of 0.00 exist; they move nothing.
        lines: all.filter((line): line is FeedLine => !('rejected' in line) && line.amountMinor > 0n),
        rejected: all.flatMap((line) => ('rejected' in line ? [line.rejected] : [])),
      }
    },

    getBalance: async ({ providerAccountId, currency }) => {
      const { balances } = read(
        balancesSchema,
        await client.get(`/accounts/${encodeURIComponent(providerAccountId)}/balances/`),
      )
      const rank = (type: string | null | undefined): number => {
        const at = BALANCE_PREFERENCE.indexOf((type ?? '').toLowerCase())
        return at < 0 ? BALANCE_PREFERENCE.length : at
      }
      const best = balances
        .filter((balance) => balance.balanceAmount.currency === currency)
        .sort((one, other) => rank(one.balanceType) - rank(other.balanceType))[0]
      if (!best) return undefined
      const amountMinor = readAmount(String(best.balanceAmount.amount).trim(), currency)
      return typeof amountMinor === 'bigint' ? { amountMinor, currency } : undefined
    },
  }
}

function toInstitution(row: z.infer<typeof institutionSchema>): Institution {
  const days = (value: string | number | null | undefined, fallback: number): number => {
    const text = String(value ?? '')
    return /^\d{1,4}$/.test(text) ? Number.parseInt(text, 10) : fallback
  }
  // Such banks deliver more than 90 days once and then repeat that answer for ever, without newer lines.
  const trapped = (row.supported_features ?? []).includes('separate_continuous_history_consent')
  const maxHistoryDays = days(row.transaction_total_days, HISTORY_DAYS)
  return {
    id: row.id,
    name: row.name,
    logoUrl: row.logo ?? null,
    countries: row.countries ?? [],
    provider: 'gocardless',
    maxHistoryDays: trapped ? Math.min(HISTORY_DAYS, maxHistoryDays) : maxHistoryDays,
    maxAccessDays: days(row.max_access_valid_for_days, 90),
  }
}

function currencyIn(value: string | null | undefined): string | undefined {
  const code = (value ?? '').trim().toUpperCase()
  return /^[A-Z]{3}$/.test(code) && isCurrency(code) ? code : undefined
}

function compact(value: string | null | undefined): string | undefined {
  return value?.replaceAll(/\s/g, '').toUpperCase() || undefined
}

const ibanIn = (value: string | null | undefined): string | undefined => {
  const text = compact(value)
  return text !== undefined && /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(text) ? text : undefined
}

const compactName = (...names: (string | null | undefined)[]): string | undefined =>
  names.map((name) => name?.trim()).find(Boolean) || undefined
