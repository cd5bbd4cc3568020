// Made by `npm run generate` from openapi.json. Do not edit.

/** An amount of money: a decimal in major units, digit for digit as the API wrote it (`"1250.00"`). Never a float: do sums with
 *  a decimal library or in minor units. `Intl.NumberFormat` prints it exactly as it is. */
export type Amount = string

export interface AcceptInvitationRequest {
  /** From the link in the mail. */
  token: string
  password: string
  name?: string
  /** Of the authenticator app, or a recovery code, where a second factor is on. */
  code?: string
}

export interface AccessToken {
  /** For the Authorization header: Bearer pu_… */
  access_token: string
  /** Seconds */
  expires_in: number
}

export interface Alert {
  id: string
  /** What kind of thing it is; stable, for machines. */
  code: string
  severity: 'info' | 'warning' | 'critical'
  subject: {
    /** `bank_connection`, `payment`, `whmcs_instance`, `webhook`, `transaction` and others. */
    type: string
    id: string
  }
  /** What happened, to what, and what to do next. */
  message: string
  opened_at: string
  /** Null while it is open. */
  closed_at: string | null
  created_at: string
  updated_at: string
}

export interface AlertEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'alert.opened'
  tenant_id: string
  timestamp: string
  data: Alert
}

export interface AlertList {
  data: Alert[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface ApiCall {
  at: string
  method: string
  /** As this document writes it. */
  route: string
  status: number
  ip: string
  request_id: string
}

export interface ApiCallList {
  data: ApiCall[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface ApiKey {
  id: string
  name: string
  prefix: string
  permissions: string[]
  expires_at: string | null
  last_used_at: string | null
  /** The key that a rotation put in its place. */
  replaced_by: string | null
  created_at: string
  updated_at: string
}

export interface ApiKeyList {
  data: ApiKey[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface AskForResetRequest {
  email: string
}

export interface AuditEvent {
  id: string
  /** Rises by one with each row of the tenant. */
  sequence: number
  at: string
  actor: {
    type: 'api_key' | 'user' | 'application' | 'operator' | 'system'
    id: string
    name: string
  }
  action: string
  resource: {
    type: string
    id: string
  }
  /** Before and after, or the facts of the change; never a secret. */
  changes: {} | null
  ip: string | null
  request_id: string | null
  /** SHA-256 in hex over this row and the hash before it. */
  hash: string
}

export interface AuditEventList {
  data: AuditEvent[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface AuditVerdict {
  valid: boolean
  /** How many rows follow from the first one on. */
  checked: number
  /** The sequence number of the first row that does not follow. */
  first_broken: number | null
}

export interface BankAccount {
  id: string
  name: string
  currency: string
  iban_last4: string | null
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  balance: Amount | null
  balance_at: string | null
  bank_connection_id: string
  created_at: string
  updated_at: string
}

export interface BankAccountList {
  data: BankAccount[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface BankConnection {
  id: string
  name: string
  provider: 'gocardless' | 'file'
  institution_id: string | null
  bank_name: string
  sync_enabled: boolean
  status: 'pending' | 'active' | 'expiring' | 'expired' | 'error' | 'revoked'
  consent_expires_at: string | null
  last_sync_at: string | null
  next_sync_at: string | null
  accounts: {
    id: string
    name: string
    currency: string
    iban_last4: string | null
  }[]
  error: {
    code: string
    message: string
  } | null
  created_at: string
  updated_at: string
}

export interface BankConnectionEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type:
    | 'bank_connection.active'
    | 'bank_connection.expiring'
    | 'bank_connection.expired'
    | 'bank_connection.error'
    | 'bank_connection.synced'
  tenant_id: string
  timestamp: string
  data: BankConnection
}

export interface BankConnectionList {
  data: BankConnection[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface BankSync {
  id: string
  bank_connection_id: string
  status: 'queued' | 'running' | 'done' | 'failed'
  started_at: string | null
  finished_at: string | null
  created: number
  updated: number
  error: string | null
  created_at: string
  updated_at: string
}

export interface BankSyncList {
  data: BankSync[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface BulkDecision {
  results: {
    id: string
    /** What the match is now; null where it was not decided. */
    status: 'suggested' | 'approved' | 'applied' | 'rejected' | 'failed' | 'reversed' | 'superseded' | null
    error: {
      code: string
      message: string
    } | null
  }[]
}

export interface ChangeBankConnectionRequest {
  name?: string
  /** Whether the bank is read regularly. */
  sync_enabled?: boolean
}

export interface ChangeOAuthApplicationRequest {
  /** What people see when they decide. */
  name?: string
  /** Where browsers are sent back to, compared letter by letter. https, or http on this machine. */
  redirect_uris?: string[] | null
  /** What it may do; `*` for everything. `write` does not include `read`. */
  permissions?: (
    | '*'
    | 'bank_connections:read'
    | 'bank_connections:write'
    | 'transactions:read'
    | 'transactions:write'
    | 'stripe_connections:read'
    | 'stripe_connections:write'
    | 'payouts:read'
    | 'payouts:write'
    | 'whmcs_instances:read'
    | 'whmcs_instances:write'
    | 'invoices:read'
    | 'invoices:write'
    | 'matches:read'
    | 'matches:write'
    | 'payments:read'
    | 'payments:write'
    | 'tenants:read'
    | 'tenants:write'
    | 'users:read'
    | 'users:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'api_keys:read'
    | 'api_keys:write'
    | 'audit:read'
    | 'audit:write'
    | 'reports:read'
    | 'reports:write'
  )[]
  /** `authorization_code` and `refresh_token` unless given. */
  grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials')[] | null
  /** `disabled` refuses it and all its tokens. */
  status?: 'active' | 'disabled' | null
}

export interface ChangePasswordRequest {
  current: string
  next: string
}

export interface ChangePayoutRequest {
  /** The line on the bank account; null: the line that was found is not it, and will not be taken again. */
  bank_transaction_id: string | null
}

export interface ChangeStripeConnectionRequest {
  /** What you call the account. Restricted keys may not read what it is called at Stripe. */
  account_name?: string
  /** Another restricted key of the same account. */
  api_key?: string
  /** null: events are not taken any more. */
  webhook_secret?: string | null
}

export interface ChangeTenantRequest {
  /** The name of the company. */
  name?: string
  settings?: {
    /** What a day is in reports and for quiet hours. */
    timezone?: string | null
    /** The language of mails. */
    locale?: string | null
    /** The currency of the amounts among these settings, and of reports. EUR unless given. */
    home_currency?: string | null
    /** How money finds its invoices. In `auto`, what is above `max_auto_amount` waits for a person; up to `fee_tolerance` less than the invoice may arrive because a bank kept a fee. Both in the home currency. */
    matching?: {
      /** `suggest` (default): every match waits for a person; `auto`: the sure ones are booked; `off` and `shadow`: nothing is proposed. */
      mode?: 'off' | 'shadow' | 'suggest' | 'auto' | null
      /** Where `confidence` comes from: a calibrated probability (default), or the plain `score`. */
      scorer?: 'calibrated' | 'rules' | null
      /** In `auto`, the confidence from which a match is booked; 0.99 unless given. */
      auto_threshold?: number | null
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      max_auto_amount?: Amount | number | null
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      fee_tolerance?: Amount | number | null
      /** How many days an invoice and a payment may lie apart. */
      date_window_days?: number | null
      /** Older money is never applied without a person. The day of the first bank account unless given. */
      start_on?: string | null
    } | null
  } | null
  branding?: {
    /** What Payymo is called there, in pages and mails. */
    product_name?: string | null
    /** Where the logo is read, over https. */
    logo_url?: string | null
    /** Six hexadecimal digits, such as #0a7c5f. */
    primary_color?: string | null
    /** Whom people write to when they need help. */
    support_email?: string | null
    /** The host name under which the tenant reaches Payymo. One tenant has it at most. */
    custom_domain?: string | null
  } | null
  /** 1000 or 5000 calls a minute. `standard` unless given. */
  tier?: 'standard' | 'premium'
  /** While `suspended` its keys answer 401 and its work rests. */
  status?: 'active' | 'suspended'
  /** Only a `partner` has tenants of its own. `customer` unless given. */
  kind?: 'customer' | 'partner'
  /** The partner this tenant belongs to. */
  parent_id?: string | null
  /** A short name for the command line: lower-case letters, digits and hyphens. Never changes, and is never given twice. */
  slug?: string
  /** `live` (default): keys begin pk_live_; `sandbox`: pk_test_, and providers are called in test mode. Never changes. */
  environment?: 'live' | 'sandbox'
}

export interface ChangeTransactionRequest {
  /** `ignored`: nothing to match, left alone until it is `processed` again. */
  status?: 'ignored' | 'processed'
  /** For your own people. */
  note?: string | null
}

export interface ChangeUserRequest {
  name?: string | null
  /** viewer: reads all but keys and audit; reviewer: also decides about matches, transactions and payments; admin: all but owners; owner: all. */
  role?: 'owner' | 'admin' | 'reviewer' | 'viewer'
  /** `disabled` shuts the person out at once, `active` lets him in again, `invited` sends an open invitation anew. */
  status?: 'invited' | 'active' | 'disabled'
}

export interface ChangeWebhookRequest {
  /** Where events are posted to. */
  url?: string
  /** Types of GET /event-types, groups such as `match.*`, or `*` for all. */
  events?: string[]
  /** Whether events are sent; true lifts what switched it off. */
  active?: boolean
}

export interface ChangeWhmcsInstanceRequest {
  /** Another address asks for another proof. */
  system_url?: string
  mode?: 'api' | 'module' | null
  api_identifier?: string | null
  api_secret?: string | null
  access_key?: string | null
  /** System name of the payment method in WHMCS that payments are recorded under (default banktransfer). One that WHMCS does not have is refused, where it can be asked at once; otherwise `/test` names it. */
  payment_method?: string | null
  /** What is left out stays as it is; null restores the default. Counts for what is approved or sent from now on. */
  settings?: {
    /** What becomes of money beyond the invoices it settles. `leave` (default): it stays unallocated on the transaction, and the match says so. `credit`: where the invoices are of one client, it becomes credit of that client in WHMCS, with the payment of the last of them. */
    surplus?: 'leave' | 'credit' | null
    /** Whether WHMCS mails the client its confirmation of a payment (default true). */
    confirmation_email?: boolean | null
    /** Whether what Stripe kept is noted in WHMCS as the fee of the payment (default false). The invoice is credited in full either way. */
    stripe_fees?: boolean | null
  }
}

export interface Client {
  id: string
  /** The id the billing system gave. */
  external_id: string
  name: string
  company: string
  email: string
  /** Who has paid for this client before, as people decided, and who pays for it or never does, as people said: what matching remembers. The latest first, at most 20. */
  payers: ClientPayer[]
  created_at: string
  updated_at: string
}

export interface ClientDetails {
  id: string
  /** The id the billing system gave. */
  external_id: string
  name: string
  company: string
  email: string
  /** Who has paid for this client before, as people decided, and who pays for it or never does, as people said: what matching remembers. The latest first, at most 20. */
  payers: ClientPayer[]
  created_at: string
  updated_at: string
  /** The installation that knows the client; null for one that came by API. */
  whmcs_instance_id: string | null
  /** By currency; empty for a client without a bill. */
  money: ClientMoney[]
}

export interface ClientList {
  data: Client[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface ClientMoney {
  currency: string
  /** Bills; drafts, cancelled and refunded invoices are none. */
  invoices: number
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  billed_amount: Amount
  open_invoices: number
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  open_amount: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  paid_amount: Amount
}

export interface ClientPayer {
  /** Its number, for good: PATCH /clients/{id}/payers/{n} corrects it, DELETE /clients/{id}/payers/{n} has matching forget it. */
  n: number
  /** Empty where a person named the account alone. */
  name: string
  iban_last4: string | null
  /** How many payments of theirs people gave to the client. */
  payments: number
  /** Null where no payment counts: a person named the payer. */
  last_paid_on: string | null
  /** What a person said: it pays for this client, or never does. Null: it is known from decisions alone. */
  taught: 'pays' | 'never' | null
}

export interface CloseAlertRequest {
  /** Noticed again, it opens as a new alert. */
  status: 'closed'
}

export interface ConfirmSessionRequest {
  password: string
  /** Of the authenticator app, or a recovery code, where a second factor is on. */
  code?: string
}

export interface CorrectPayerRequest {
  /** As the bank writes it; its capitals, marks and legal form make no difference. */
  name?: string
  /** Its account. The answer shows the last four characters. */
  iban?: string | null
  /** Whether it pays for this client. `false`: it never does, and counts as refused. */
  pays?: boolean
}

export interface CreateApiKeyRequest {
  /** What the key is for. */
  name: string
  /** What it may do; `*` for everything. `write` does not include `read`. */
  permissions: (
    | '*'
    | 'bank_connections:read'
    | 'bank_connections:write'
    | 'transactions:read'
    | 'transactions:write'
    | 'stripe_connections:read'
    | 'stripe_connections:write'
    | 'payouts:read'
    | 'payouts:write'
    | 'whmcs_instances:read'
    | 'whmcs_instances:write'
    | 'invoices:read'
    | 'invoices:write'
    | 'matches:read'
    | 'matches:write'
    | 'payments:read'
    | 'payments:write'
    | 'tenants:read'
    | 'tenants:write'
    | 'users:read'
    | 'users:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'api_keys:read'
    | 'api_keys:write'
    | 'audit:read'
    | 'audit:write'
    | 'reports:read'
    | 'reports:write'
  )[]
  /** From when it is refused. Never unless given. */
  expires_at?: string | null
}

export interface CreateBankConnectionRequest {
  /** Lines come as statement files or by the API. */
  provider: 'file'
  /** Shown as the name of the bank. */
  name: string
  account: {
    name: string
    /** ISO 4217, upper case. */
    currency: string
    /** Tells whether a statement is of this account. */
    iban?: string | null
  }
}

export interface CreateInvoiceMatchRequest {
  transaction_id: string
  /** The invoices it pays, and how much of each. */
  allocations?: {
    invoice_id: string
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount | number
  }[]
  /** With `amount`, in place of `allocations`: one invoice. */
  invoice_id?: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount?: Amount | number
  /** true (default): approved at once; false: a suggestion. */
  apply?: boolean
}

export interface CreateInvoiceRequest {
  /** As clients quote it. */
  number: string
  /** Your own id of the invoice; the number unless given. */
  external_id?: string | null
  /** `unpaid` unless given; drafts are paid by nothing. */
  status?: 'draft' | 'unpaid'
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  total: Amount | number
  balance?: Amount | number | null
  /** ISO 4217, upper case. */
  currency: string
  issued_on?: string | null
  due_on?: string | null
  /** Known again by `external_id`, else by `email`, else by its names; what is given is kept. */
  client: {
    name: string
    /** Your own id of the client, by which it is known again. */
    external_id?: string | null
    company?: string | null
    email?: string | null
  }
  /** What is billed; discounts have an amount below zero. The sum need not be the total: taxes may come on top. */
  items?:
    | {
        description: string
        /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
        amount: Amount | number
      }[]
    | null
}

export interface CreateOAuthApplicationRequest {
  /** What people see when they decide. */
  name: string
  /** Where browsers are sent back to, compared letter by letter. https, or http on this machine. */
  redirect_uris?: string[] | null
  /** What it may do; `*` for everything. `write` does not include `read`. */
  permissions: (
    | '*'
    | 'bank_connections:read'
    | 'bank_connections:write'
    | 'transactions:read'
    | 'transactions:write'
    | 'stripe_connections:read'
    | 'stripe_connections:write'
    | 'payouts:read'
    | 'payouts:write'
    | 'whmcs_instances:read'
    | 'whmcs_instances:write'
    | 'invoices:read'
    | 'invoices:write'
    | 'matches:read'
    | 'matches:write'
    | 'payments:read'
    | 'payments:write'
    | 'tenants:read'
    | 'tenants:write'
    | 'users:read'
    | 'users:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'api_keys:read'
    | 'api_keys:write'
    | 'audit:read'
    | 'audit:write'
    | 'reports:read'
    | 'reports:write'
  )[]
  /** `authorization_code` and `refresh_token` unless given. */
  grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials')[] | null
  /** `client_secret_basic` (the secret in the Authorization header or in the form) unless given; `none` for programs that can keep no secret. */
  token_endpoint_auth_method?: 'client_secret_basic' | 'none' | null
}

export interface CreateStripeConnectionRequest {
  /** What you call the account. Restricted keys may not read what it is called at Stripe. */
  account_name?: string
  /** Accounts are connected by OAuth at /stripe-connections/initialize. */
  kind: 'restricted_key'
  /** A restricted key (`rk_…`) with Read on Charges, PaymentIntents, Balance transactions, Payouts, Refunds, Disputes, Events, Checkout Sessions and Customers. Never shown again. */
  api_key: string
  /** The signing secret (`whsec_…`) of an endpoint that sends to `webhook_url`. It can be given later. */
  webhook_secret?: string
  /** How many days back the account is read first, 30 when left out. What was read once of the account is not read again. */
  backfill_days?: number
}

export interface CreateTenantApiKeyRequest {
  /** What the key is for. */
  name: string
  /** What it may do; `*` for everything. `write` does not include `read`. */
  permissions: (
    | '*'
    | 'bank_connections:read'
    | 'bank_connections:write'
    | 'transactions:read'
    | 'transactions:write'
    | 'stripe_connections:read'
    | 'stripe_connections:write'
    | 'payouts:read'
    | 'payouts:write'
    | 'whmcs_instances:read'
    | 'whmcs_instances:write'
    | 'invoices:read'
    | 'invoices:write'
    | 'matches:read'
    | 'matches:write'
    | 'payments:read'
    | 'payments:write'
    | 'tenants:read'
    | 'tenants:write'
    | 'users:read'
    | 'users:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'api_keys:read'
    | 'api_keys:write'
    | 'audit:read'
    | 'audit:write'
    | 'reports:read'
    | 'reports:write'
  )[]
  /** From when it is refused. Never unless given. */
  expires_at?: string | null
}

export interface CreateTenantRequest {
  /** The name of the company. */
  name: string
  /** A short name for the command line: lower-case letters, digits and hyphens. Never changes, and is never given twice. */
  slug: string
  /** Only a `partner` has tenants of its own. `customer` unless given. */
  kind?: 'customer' | 'partner'
  /** 1000 or 5000 calls a minute. `standard` unless given. */
  tier?: 'standard' | 'premium'
  /** `live` (default): keys begin pk_live_; `sandbox`: pk_test_, and providers are called in test mode. Never changes. */
  environment?: 'live' | 'sandbox'
  /** The partner this tenant belongs to. */
  parent_id?: string | null
  settings?: {
    /** What a day is in reports and for quiet hours. */
    timezone?: string | null
    /** The language of mails. */
    locale?: string | null
    /** The currency of the amounts among these settings, and of reports. EUR unless given. */
    home_currency?: string | null
    /** How money finds its invoices. In `auto`, what is above `max_auto_amount` waits for a person; up to `fee_tolerance` less than the invoice may arrive because a bank kept a fee. Both in the home currency. */
    matching?: {
      /** `suggest` (default): every match waits for a person; `auto`: the sure ones are booked; `off` and `shadow`: nothing is proposed. */
      mode?: 'off' | 'shadow' | 'suggest' | 'auto' | null
      /** Where `confidence` comes from: a calibrated probability (default), or the plain `score`. */
      scorer?: 'calibrated' | 'rules' | null
      /** In `auto`, the confidence from which a match is booked; 0.99 unless given. */
      auto_threshold?: number | null
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      max_auto_amount?: Amount | number | null
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      fee_tolerance?: Amount | number | null
      /** How many days an invoice and a payment may lie apart. */
      date_window_days?: number | null
      /** Older money is never applied without a person. The day of the first bank account unless given. */
      start_on?: string | null
    } | null
  }
  branding?: {
    /** What Payymo is called there, in pages and mails. */
    product_name?: string | null
    /** Where the logo is read, over https. */
    logo_url?: string | null
    /** Six hexadecimal digits, such as #0a7c5f. */
    primary_color?: string | null
    /** Whom people write to when they need help. */
    support_email?: string | null
    /** The host name under which the tenant reaches Payymo. One tenant has it at most. */
    custom_domain?: string | null
  }
}

export interface CreateTransactionBatchRequest {
  transactions: {
    /** An account of GET /bank-accounts. */
    account_id: string
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount | number
    /** The currency of the account. */
    currency: string
    /** The day the bank booked it. */
    transaction_date: string
    /** Your own id of the line. The account takes each once, the second time is 409. */
    transaction_id?: string
    /** `credit` (default): money in; `debit`: money out, which pays no invoice. */
    direction?: 'credit' | 'debit'
    /** All text the payer wrote. */
    description?: string
    /** The reference, where the bank gives one apart from the text. */
    reference?: string
    /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
    value_date?: string | null
    /** Who paid, or was paid. */
    counterparty?: {
      name?: string
      /** Kept to tell payers again; only its last four characters are shown. */
      iban?: string | null
    }
  }[]
}

export interface CreateTransactionRequest {
  /** An account of GET /bank-accounts. */
  account_id: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount | number
  /** The currency of the account. */
  currency: string
  /** The day the bank booked it. */
  transaction_date: string
  /** Your own id of the line. The account takes each once, the second time is 409. */
  transaction_id?: string
  /** `credit` (default): money in; `debit`: money out, which pays no invoice. */
  direction?: 'credit' | 'debit'
  /** All text the payer wrote. */
  description?: string
  /** The reference, where the bank gives one apart from the text. */
  reference?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  value_date?: string | null
  /** Who paid, or was paid. */
  counterparty?: {
    name?: string
    /** Kept to tell payers again; only its last four characters are shown. */
    iban?: string | null
  }
}

export interface CreateWebhookRequest {
  /** Where events are posted to. */
  url: string
  /** Types of GET /event-types, groups such as `match.*`, or `*` for all. */
  events: string[]
}

export interface CreateWhmcsInstanceRequest {
  /** Full address of WHMCS with its sub-path, such as https://example.com/billing. */
  system_url: string
  /** `api`: Payymo calls the WHMCS API; `module`: the addon sends. `api` where an identifier is given. */
  mode?: 'api' | 'module'
  /** Of an API credential in WHMCS, as is `api_secret`. */
  api_identifier?: string
  api_secret?: string
  /** Where WHMCS asks for one besides the address. */
  access_key?: string
  /** System name of the payment method in WHMCS that payments are recorded under (default banktransfer). One that WHMCS does not have is refused, where it can be asked at once; otherwise `/test` names it. */
  payment_method?: string
  /** How payments are written into WHMCS. What is left out has its default. */
  settings?: {
    /** What becomes of money beyond the invoices it settles. `leave` (default): it stays unallocated on the transaction, and the match says so. `credit`: where the invoices are of one client, it becomes credit of that client in WHMCS, with the payment of the last of them. */
    surplus?: 'leave' | 'credit'
    /** Whether WHMCS mails the client its confirmation of a payment (default true). */
    confirmation_email?: boolean
    /** Whether what Stripe kept is noted in WHMCS as the fee of the payment (default false). The invoice is credited in full either way. */
    stripe_fees?: boolean
  }
}

export interface CreatedApiKey {
  id: string
  name: string
  prefix: string
  permissions: string[]
  expires_at: string | null
  last_used_at: string | null
  /** The key that a rotation put in its place. */
  replaced_by: string | null
  created_at: string
  updated_at: string
  /** Shown once, here and nowhere else. Left out when an idempotent request is replayed. */
  key?: string
}

export interface CreatedOAuthApplication {
  id: string
  name: string
  client_id: string
  redirect_uris: string[]
  permissions: string[]
  grant_types: ('authorization_code' | 'refresh_token' | 'client_credentials')[]
  token_endpoint_auth_method: 'client_secret_basic' | 'none'
  status: 'active' | 'disabled'
  created_at: string
  updated_at: string
  /** Shown once, here and nowhere else; null for `none`. Left out when an idempotent request is replayed. */
  client_secret?: string | null
}

export interface CreatedWhmcsInstance {
  id: string
  system_url: string
  mode: 'api' | 'module'
  api_identifier: string | null
  /** System name of the payment method that payments are recorded under. */
  payment_method: string
  /** How payments are written into WHMCS. */
  settings: {
    /** What becomes of money beyond the invoices it settles. `leave` (default): it stays unallocated on the transaction, and the match says so. `credit`: where the invoices are of one client, it becomes credit of that client in WHMCS, with the payment of the last of them. */
    surplus: 'leave' | 'credit'
    /** Whether WHMCS mails the client its confirmation of a payment (default true). */
    confirmation_email: boolean
    /** Whether what Stripe kept is noted in WHMCS as the fee of the payment (default false). The invoice is credited in full either way. */
    stripe_fees: boolean
  }
  status: 'pending' | 'active' | 'error' | 'disconnected'
  error: {
    code: string
    message: string
  } | null
  verified_at: string | null
  verified_by: 'module' | 'file' | 'dns' | null
  /** When the proof was last looked at: once a day, the way it was given. */
  proof_checked_at: string | null
  /** What was found instead of it. After seven days without the proof nothing is booked any more. */
  proof_fault: string | null
  proofs: {
    module: {
      url: string
    }
    file: {
      url: string
      content: string
    }
    dns: {
      name: string
      value: string
    }
  }
  last_seen_at: string | null
  last_sync_at: string | null
  next_sync_at: string | null
  /** When all open invoices and a year of closed ones were first read. */
  mirrored_at: string | null
  version: string | null
  created_at: string
  updated_at: string
  /** Shared with the module. Shown in this answer only. Left out when an idempotent request is replayed. */
  webhook_secret?: string
  /** Paste it into the page of the module in WHMCS within the hour; it works once. Null in mode `api`. Left out when an idempotent request is replayed. */
  pairing_code?: string | null
}

export interface CsvMapping {
  date: string
  amount?: string
  credit?: string
  debit?: string
  description?: string
  reference?: string
  counterparty_name?: string
  counterparty_iban?: string
  currency?: string
  date_format?: string
  decimal?: '.' | ','
  delimiter?: string
}

export interface DecideInvoiceMatchRequest {
  /** `approved` books it, `rejected` never proposes it again, `reversed` takes it back. */
  status: 'approved' | 'rejected' | 'reversed'
}

export interface DecideInvoiceMatchesRequest {
  /** The matches, each once. */
  ids: string[]
  /** As in PATCH /invoice-matches/{id}: `approved` books them, `rejected` never proposes them again, `reversed` takes them back. */
  status: 'approved' | 'rejected' | 'reversed'
}

export interface Delivery {
  id: string
  webhook_id: string
  event_id: string
  event_type: string
  /** `dead`: all tries are used up. `failed`: stopped by a 410 answer or by switching the webhook off. */
  status: 'pending' | 'delivered' | 'failed' | 'dead'
  /** Oldest first. */
  attempts: {
    at: string
    status_code: number | null
    duration_ms: number | null
    /** The first 1000 characters. */
    response_body: string | null
    /** Why there was no complete answer. */
    error: string | null
  }[]
  /** Null when none is planned, and while one is under way. */
  next_attempt_at: string | null
  created_at: string
  updated_at: string
}

export interface DeliveryList {
  data: Delivery[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface DeliveryWithRequest {
  id: string
  webhook_id: string
  event_id: string
  event_type: string
  /** `dead`: all tries are used up. `failed`: stopped by a 410 answer or by switching the webhook off. */
  status: 'pending' | 'delivered' | 'failed' | 'dead'
  /** Oldest first. */
  attempts: {
    at: string
    status_code: number | null
    duration_ms: number | null
    /** The first 1000 characters. */
    response_body: string | null
    /** Why there was no complete answer. */
    error: string | null
  }[]
  /** Null when none is planned, and while one is under way. */
  next_attempt_at: string | null
  created_at: string
  updated_at: string
  /** What was sent, or will be, byte for byte: the event as JSON. */
  request_body: string
  /** What the last attempt sent with it, the signatures hidden; null while there was none. */
  request_headers: Record<string, string> | null
}

export interface EnablebankingCredentials {
  provider: 'enablebanking'
  /** Masked; null where none is kept. */
  application_id: string | null
  /** Masked; null where none is kept. */
  private_key: string | null
  created_at: string
  updated_at: string
}

export interface EndSecondFactorRequest {
  password: string
}

export interface ErrorAnswer {
  error: {
    /** Stable: branch on this. */
    code:
      | 'invalid_request'
      | 'authentication_required'
      | 'permission_denied'
      | 'resource_not_found'
      | 'method_not_allowed'
      | 'request_timeout'
      | 'resource_conflict'
      | 'payload_too_large'
      | 'uri_too_long'
      | 'unsupported_media_type'
      | 'expectation_failed'
      | 'validation_failed'
      | 'rate_limit_exceeded'
      | 'headers_too_large'
      | 'server_error'
      | 'bank_integration_error'
      | 'stripe_integration_error'
      | 'whmcs_integration_error'
      | 'service_unavailable'
    /** For people: what happened, and what to do next. */
    message: string
    /** Every fault of the request at once, or a stable reason. */
    details: {
      field: string
      issue: string
    }[]
    /** The same as in X-Request-Id. */
    request_id: string
    /** Whether the same request may succeed later. */
    retryable: boolean
  }
}

export interface Event {
  id: string
  event_type:
    | 'transaction.created'
    | 'transaction.updated'
    | 'match.created'
    | 'match.approved'
    | 'match.rejected'
    | 'match.applied'
    | 'match.failed'
    | 'match.reversed'
    | 'payment.quarantined'
    | 'invoice.created'
    | 'invoice.updated'
    | 'invoice.paid'
    | 'bank_connection.active'
    | 'bank_connection.expiring'
    | 'bank_connection.expired'
    | 'bank_connection.error'
    | 'bank_connection.synced'
    | 'stripe_connection.active'
    | 'stripe_connection.disconnected'
    | 'payout.created'
    | 'payout.reconciled'
    | 'payout.failed'
    | 'whmcs_instance.verified'
    | 'alert.opened'
    | 'webhook.test'
    | 'webhook.disabled'
  tenant_id: string
  timestamp: string
  /** The resource as the API showed it at that moment. */
  data: {}
}

export interface EventList {
  data: Event[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface EventType {
  event_type:
    | 'transaction.created'
    | 'transaction.updated'
    | 'match.created'
    | 'match.approved'
    | 'match.rejected'
    | 'match.applied'
    | 'match.failed'
    | 'match.reversed'
    | 'payment.quarantined'
    | 'invoice.created'
    | 'invoice.updated'
    | 'invoice.paid'
    | 'bank_connection.active'
    | 'bank_connection.expiring'
    | 'bank_connection.expired'
    | 'bank_connection.error'
    | 'bank_connection.synced'
    | 'stripe_connection.active'
    | 'stripe_connection.disconnected'
    | 'payout.created'
    | 'payout.reconciled'
    | 'payout.failed'
    | 'whmcs_instance.verified'
    | 'alert.opened'
    | 'webhook.test'
    | 'webhook.disabled'
  description: string
  created_at: string
  updated_at: string
}

export interface EventTypeList {
  data: EventType[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface FinishStripeConnectionRequest {
  /** As it came from Stripe, within five minutes, once. */
  code?: string
  state: string
  /** In the place of `code`: what Stripe said, such as access_denied. */
  error?: string
  /** Comes with `code`; what was granted is asked of Stripe itself. */
  scope?: string
  /** Comes with `error`. */
  error_description?: string
}

export interface GocardlessCredentials {
  provider: 'gocardless'
  /** Masked; null where none is kept. */
  secret_id: string | null
  /** Masked; null where none is kept. */
  secret_key: string | null
  /** Masked; null where none is kept. */
  webhook_secret: string | null
  /** Masked; null where none is kept. */
  access_token: string | null
  created_at: string
  updated_at: string
}

export interface HealthzResponse {
  status: 'ok'
}

export interface InitializeBankConnectionRequest {
  /** A bank of GET /institutions. */
  institution_id: string
  /** Where the browser comes back to, with `bank_connection_id` and `status`. https, or http on this machine; no fragment. */
  redirect_url: string
  /** How far back lines are read. 90 unless given. */
  max_history_days?: number
  /** Of the pages of consent. */
  language?: string
}

export interface InitializeStripeConnectionRequest {
  /** Where the browser comes back to. An address of STRIPE_REDIRECT_URLS (outside production any) is sent to Stripe as it is and gets `code` and `state` (or `error` and `state`), to be posted to `/stripe-connections/callback`; any other gets `connection_id` and `status`. https (http outside production); no fragment. */
  redirect_url: string
  /** How many days back the account is read first, 30 when left out. What was read once of the account is not read again. */
  backfill_days?: number
}

export interface Institution {
  id: string
  name: string
  logo_url: string | null
  countries: string[]
  provider: string
  max_history_days: number
}

export interface InstitutionList {
  data: Institution[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface InviteUserRequest {
  /** Where the invitation goes, and what the person signs in with. */
  email: string
  /** viewer: reads all but keys and audit; reviewer: also decides about matches, transactions and payments; admin: all but owners; owner: all. */
  role: 'owner' | 'admin' | 'reviewer' | 'viewer'
  name?: string
}

export interface Invoice {
  id: string
  /** The printed number; empty where the billing system numbers nothing. */
  number: string
  external_id: string
  source: string
  whmcs_instance_id: string | null
  status: 'draft' | 'unpaid' | 'payment_pending' | 'paid' | 'cancelled' | 'refunded' | 'collections'
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  total: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  balance: Amount
  currency: string
  issued_on: string | null
  due_on: string | null
  closed_on: string | null
  client: {
    id: string
    /** The id the billing system gave. */
    external_id: string
    name: string
    company: string
    email: string
  }
  items: {
    description: string
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
  }[]
  created_at: string
  updated_at: string
}

export interface InvoiceEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'invoice.created' | 'invoice.updated' | 'invoice.paid'
  tenant_id: string
  timestamp: string
  data: Invoice
}

export interface InvoiceList {
  data: Invoice[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface InvoiceMatch {
  id: string
  transaction_id: string
  status: 'suggested' | 'approved' | 'applied' | 'rejected' | 'failed' | 'reversed' | 'superseded'
  confidence: number
  score: number
  match_reason: string
  reasons: MatchReason[]
  /** Why a sure-looking match still waits for a person. */
  withheld: MatchReason[]
  allocations: {
    invoice_id: string
    invoice_number: string
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    currency: string
  }[]
  decided_by: string | null
  decided_at: string | null
  payments: string[]
  /** How the taking-back of its payments stands; null when nobody asked for it. */
  reversal: {
    state: 'pending' | 'done' | 'needs_person'
    /** What a person must know or do, in words, complete from the beginning: what can never be undone (mails sent, services set up, credit used), and, once it is known, what WHMCS refused. */
    left: string[]
  } | null
  /** Of a match that was applied without a person and drawn by lot for a look: what a person found. POST /invoice-matches/{id}/confirm says that it is right; taking it back says that it was wrong. Null: it was not drawn. */
  spot_check: {
    state: 'waiting' | 'right' | 'wrong'
    answered_by: string | null
    answered_at: string | null
  } | null
  created_at: string
  updated_at: string
}

export interface InvoiceMatchList {
  data: InvoiceMatch[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface IssueAccessTokenRequest {
  /** The first tenant that lets the person in, unless given. */
  tenant_id?: string
}

export interface ListProviderCredentialsResponse {
  data: (GocardlessCredentials | EnablebankingCredentials | StripeCredentials)[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface ListedPayout {
  id: string
  /** Stripe's id of the payout. */
  external_id: string
  connection_id: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount
  currency: string
  /** Stripe's words: `pending`, `in_transit`, `paid` (expected to have arrived), `failed`, `canceled`. */
  status: string
  arrival_date: string
  /** Made by the schedule, not by hand or API. */
  automatic: boolean
  /** `standard` or `instant`. */
  method: string | null
  /** False for cards and for balances elsewhere: no line of a bank will show it. */
  to_bank: boolean
  descriptor: string
  /** The bank's own reference, once Stripe knows it. */
  trace_id: string | null
  destination_last4: string | null
  failure: {
    code: string | null
    message: string | null
  } | null
  /** Its line on the bank account. */
  bank_transaction_id: string | null
  /** `trace_id`, `amount_and_date`, or `person`: how the line was found. */
  bank_found_by: string | null
  /** Lines that may be it, where it is not certain. Choose one with PATCH. */
  bank_candidates: string[]
  /** Of a failed payout: the line that brought the money, and the one that took it back. */
  returned_transaction_ids: string[]
  explained: PayoutExplained
  items_count: number | null
  /** When it was both explained and found at the bank. */
  reconciled_at: string | null
  /** When Stripe made it. */
  created: string
  created_at: string
  updated_at: string
}

export interface ListedPayoutList {
  data: ListedPayout[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface MatchCandidates {
  transaction_id: string
  decision: 'auto' | 'review' | 'none'
  candidates: {
    allocations: {
      invoice_id: string
      /** As clients quote it: the printed number, or the id of the billing system. */
      invoice_number: string
      client: {
        id: string
        name: string
        company: string
      } | null
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      currency: string
    }[]
    confidence: number
    score: number
    reasons: MatchReason[]
  }[]
  /** Every doubt that keeps it from being applied without a person. */
  withheld: MatchReason[]
  ruled_out: {
    invoice_id: string
    /** As clients quote it: the printed number, or the id of the billing system. */
    invoice_number: string
    client: {
      id: string
      name: string
      company: string
    } | null
    code: string
    text: string
  }[]
}

export interface MatchEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type:
    | 'match.created'
    | 'match.approved'
    | 'match.rejected'
    | 'match.applied'
    | 'match.failed'
    | 'match.reversed'
  tenant_id: string
  timestamp: string
  data: InvoiceMatch
}

export interface MatchReason {
  code: string
  weight: number
  text: string
}

export interface MatchingDryRun {
  dry_run: true
  /** Undecided transactions that were looked at. */
  looked: number
  /** There are more than one run looks at: the oldest were. */
  looked_capped: boolean
  would_apply: {
    count: number
    /** What would be booked, by currency. */
    totals: {
      currency: string
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      count: number
    }[]
  }
  /** Would wait for a person. */
  would_suggest: number
  /** Stand in the billing system already; nothing would be booked. */
  already_booked: number
  no_invoice: number
  results: {
    transaction_id: string
    /** The line itself, as far as people tell it by. */
    transaction: {
      /** The name the bank gives; may be empty. */
      payer: string
      transaction_date: string
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      currency: string
      reference: string
      description: string
    }
    decision: 'auto' | 'review' | 'none' | 'already_booked'
    confidence: number | null
    allocations: {
      invoice_id: string
      /** As clients quote it: the printed number, or the id of the billing system. */
      invoice_number: string
      client: {
        id: string
        name: string
        company: string
      } | null
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      currency: string
    }[]
    reasons: MatchReason[]
    withheld: MatchReason[]
  }[]
  /** Only the first 1000 results are shown; the counts are of all. */
  results_capped: boolean
}

export interface MatchingRun {
  status: 'queued'
}

export interface OAuthApplication {
  id: string
  name: string
  client_id: string
  redirect_uris: string[]
  permissions: string[]
  grant_types: ('authorization_code' | 'refresh_token' | 'client_credentials')[]
  token_endpoint_auth_method: 'client_secret_basic' | 'none'
  status: 'active' | 'disabled'
  created_at: string
  updated_at: string
}

export interface OAuthApplicationList {
  data: OAuthApplication[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

/** RFC 6749, 5.2; not the envelope of the API. */
export interface OAuthRefusal {
  error: string
  error_description: string
}

export interface OAuthTokens {
  /** `po_` and 43 characters. Send it as `Authorization: Bearer`. */
  access_token: string
  token_type: 'Bearer'
  /** Seconds. */
  expires_in: number
  /** The permissions, separated by blanks. */
  scope: string
  /** Works once; the answer to it holds the next one. */
  refresh_token?: string
}

export interface OpenapiResponse {
  openapi: string
}

export interface Pagination {
  total_items: number | null
  total_pages: number | null
  current_page: number | null
  per_page: number
  next_cursor: string | null
  total_capped: boolean | null
}

export interface Payment {
  id: string
  match_id: string
  invoice_id: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  surplus: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  fees: Amount | null
  currency: string
  /** The id of the payment, which never changes. In WHMCS it stands as the transaction id; of an invoice that was recorded by API it is known here only. */
  transaction_reference: string
  state: 'pending' | 'sending' | 'unknown' | 'applied' | 'refused' | 'quarantined' | 'reversed'
  /** How often it was sent to WHMCS; 0 where the invoice was recorded by API. */
  attempts: number
  applied_at: string | null
  /** Why it is not applied, in words for people. */
  reason: string | null
  /** How its taking-back in WHMCS stands; null when nobody asked for one, and always on invoices recorded by API: those payments are taken back at once. */
  undo: {
    state: 'pending' | 'sending' | 'unknown' | 'done' | 'needs_person' | 'dropped'
    /** The id under which the money goes out of the invoice in WHMCS. */
    transaction_reference: string
    /** What a person must do or know, in words. */
    left: string[]
    /** Why it does not go on, in words. */
    reason: string | null
  } | null
  created_at: string
  updated_at: string
}

export interface PaymentEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'payment.quarantined'
  tenant_id: string
  timestamp: string
  data: Payment
}

export interface PaymentList {
  data: Payment[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface Payout {
  id: string
  /** Stripe's id of the payout. */
  external_id: string
  connection_id: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount
  currency: string
  /** Stripe's words: `pending`, `in_transit`, `paid` (expected to have arrived), `failed`, `canceled`. */
  status: string
  arrival_date: string
  /** Made by the schedule, not by hand or API. */
  automatic: boolean
  /** `standard` or `instant`. */
  method: string | null
  /** False for cards and for balances elsewhere: no line of a bank will show it. */
  to_bank: boolean
  descriptor: string
  /** The bank's own reference, once Stripe knows it. */
  trace_id: string | null
  destination_last4: string | null
  failure: {
    code: string | null
    message: string | null
  } | null
  /** Its line on the bank account. */
  bank_transaction_id: string | null
  /** `trace_id`, `amount_and_date`, or `person`: how the line was found. */
  bank_found_by: string | null
  /** Lines that may be it, where it is not certain. Choose one with PATCH. */
  bank_candidates: string[]
  /** Of a failed payout: the line that brought the money, and the one that took it back. */
  returned_transaction_ids: string[]
  explained: PayoutExplained
  items_count: number | null
  /** When it was both explained and found at the bank. */
  reconciled_at: string | null
  /** When Stripe made it. */
  created: string
  created_at: string
  updated_at: string
  /** What it is made of, newest first, without the payout itself: at most 1000 (100 in events); GET /payouts/{id}/items has them all. */
  items: PayoutItem[]
  items_truncated: boolean
}

export interface PayoutEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'payout.created' | 'payout.reconciled' | 'payout.failed'
  tenant_id: string
  timestamp: string
  data: Payout
}

export interface PayoutExplained {
  /** The items explain the payout to the last cent. */
  complete: boolean
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  items_total: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  fees_total: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  difference: Amount
  /** `open`: not known yet. `itemised`: Stripe listed the items. `deduced`: the only reading of the ledger that adds up, for payouts made by hand, which Stripe does not list. `unexplained`: nothing adds up to it, or more than one thing does. */
  composition: 'open' | 'itemised' | 'deduced' | 'unexplained'
  /** Why it is not complete, in words. */
  note: string | null
}

export interface PayoutItem {
  /** Stripe's id of the movement. */
  id: string
  /** Stripe's type, such as `charge`, `payment`, `refund`, `adjustment`, `stripe_fee`. */
  type: string
  /** Stripe's reporting category: what tells a dispute from another adjustment. */
  category: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  fee: Amount
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  net: Amount
  currency: string
  description: string
  /** What moved: a charge, a refund, a dispute. */
  source_id: string | null
  /** The charge it is about. */
  charge_id: string | null
  /** The invoice that the charge pays; of several the first. */
  invoice_id: string | null
  invoice_ids: string[]
  /** The same with their numbers. */
  invoices: {
    id: string
    number: string
  }[]
  created: string
}

export interface PayoutItemList {
  data: PayoutItem[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface PutEnablebankingCredentialsRequest {
  application_id: string
  /** PEM, of the pair whose certificate was uploaded there. */
  private_key: string
}

export interface PutGocardlessCredentialsRequest {
  /** Of GoCardless Bank Account Data, with `secret_key`. */
  secret_id?: string
  secret_key?: string
  /** What GoCardless signs the events of payments with. */
  webhook_secret?: string
  /** Of GoCardless payments. */
  access_token?: string
}

export interface PutStripeCredentialsRequest {
  /** sk_… or rk_…, of the mode of the tenant. */
  secret_key: string
  /** Of Connect, begins with ca_. */
  client_id?: string
  /** Begins with whsec_. */
  webhook_secret?: string
}

export interface ReadOAuthServerResponse {
  issuer: string
}

export interface ReadyzResponse {
  status: 'ready'
}

export interface ReconciliationDay {
  /** The day the bank booked it. */
  date: string
  currency: string
  /** The sum of everything that follows. */
  money_in: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Decided by Payymo, all payments confirmed. */
  applied_automatically: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Decided by a person, all payments confirmed. */
  applied_by_hand: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Somebody had booked it in the billing system; Payymo booked nothing. */
  already_booked: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Decided, and not all payments are confirmed. */
  matched: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Nobody has decided it. */
  open: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Between own accounts, payouts among them. */
  transfers: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** Set aside by a person. */
  ignored: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  /** What no invoice took of lines that are applied or already booked; they are counted there. */
  unallocated: {
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    count: number
  }
  created_at: string
  updated_at: string
}

export interface ReconciliationDayList {
  data: ReconciliationDay[]
  pagination: Pagination
  meta: {
    request_id: string
  }
  summary: ReconciliationSummary
}

export interface ReconciliationSummary {
  from: string
  to: string
  timezone: string
  /** Matches that Payymo approved by itself in these days, and what people took back since. */
  precision_of_automatic_decisions: {
    decided: number
    reversed_or_rejected: number
    /** Of those decided, the share that stands; null where none was decided. */
    share: number | null
  }
  /** Automatic matches that were drawn by lot for a look: those that wait for one now, and what people found in these days. */
  spot_checks: {
    waiting: number
    right: number
    wrong: number
  }
  /** All money that is open now, whenever it came, by its age in days. */
  ageing: {
    currency: string
    days_0_2: {
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      count: number
    }
    days_3_7: {
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      count: number
    }
    days_8_30: {
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      count: number
    }
    days_over_30: {
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      count: number
    }
  }[]
  /** What waits for a person now: lines with and without a proposal, and payments that are not certain. */
  waiting: {
    suggested: number
    unmatched: number
    quarantined: number
  }
}

export interface ReconnectBankConnectionRequest {
  /** Where the browser comes back to, with `bank_connection_id` and `status`. https, or http on this machine; no fragment. */
  redirect_url: string
  /** How far back lines are read. 90 unless given. */
  max_history_days?: number
  /** Of the pages of consent. */
  language?: string
}

export interface Replay {
  events: number
}

export interface ReplayEventsRequest {
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  from: string
  /** Now unless given. */
  to?: string
  /** Leaves out what was delivered. */
  only_failed?: boolean
  /** Only counts. */
  dry_run?: boolean
}

export interface ResetAsked {
  message: string
}

export interface ResetPasswordRequest {
  /** From the link in the mail. */
  token: string
  password: string
}

export interface ResolvePaymentRequest {
  /** Of a payment in WHMCS. `applied`: it is there; `retry`: it is not, send it; `drop`: leave it, the money is free again. */
  resolution: 'applied' | 'retry' | 'drop'
}

export interface RotateApiKeyRequest {
  /** How long the old key still holds; 0 ends it at once. */
  overlap_seconds?: number
}

export interface RunMatchingRequest {
  /** Only these, each once. Those that are decided already are left alone. */
  transaction_ids?: string[]
  /** true: answers what would happen in mode `auto` now, and keeps nothing. */
  dry_run?: boolean
  /** Settings of matching to try in place of the present ones; with `dry_run` only. */
  policy?: {
    auto_threshold?: number
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    max_auto_amount?: Amount | number
    start_on?: string
  }
}

export interface SecondFactor {
  /** For the authenticator app, base32. Without a code in the request. */
  secret?: string
  /** The same as a link, for a QR code. */
  otpauth_uri?: string
  /** With a code in the request. Shown once. */
  recovery_codes?: string[]
}

export interface SetUpSecondFactorRequest {
  /** Of the authenticator app, or a recovery code, where a second factor is on. */
  code?: string
}

export interface ShadowDecision {
  transaction_id: string
  /** When Payymo would have applied it. */
  at: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount
  currency: string
  confidence: number
  /** What it would have booked. */
  allocations: {
    invoice_id: string
    invoice_number: string
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    currency: string
  }[]
  /** `same`: people decided the same, or booked the same in the billing system. `other`: they decided otherwise. `open`: not decided yet. */
  outcome: 'same' | 'other' | 'open'
  /** The decision in Payymo, where there is one. */
  decided: {
    id: string
    status: 'suggested' | 'approved' | 'applied' | 'rejected' | 'failed' | 'reversed' | 'superseded'
    allocations: {
      invoice_id: string
      invoice_number: string
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      currency: string
    }[]
    decided_by: string | null
  } | null
}

export interface ShadowDecisionList {
  data: ShadowDecision[]
  pagination: Pagination
  meta: {
    request_id: string
  }
  summary: ShadowSummary
}

export interface ShadowSummary {
  from: string
  to: string
  would_have_applied: number
  same: number
  other: number
  open: number
  /** Of those decided, the share that people decided the same. */
  share: number | null
}

export interface SignInRequest {
  email: string
  password: string
  /** Of the authenticator app, or a recovery code, where a second factor is on. */
  code?: string
}

export interface SignedInPerson {
  email: string
  /** Whether signing in needs a code as well. */
  second_factor: boolean
  /** When the password was last typed. */
  signed_in_at: string
  /** When the session ends however much it is used. */
  expires_at: string
  /** What requests with the cookie send as X-CSRF-Token. */
  csrf_token: string
  tenants: {
    id: string
    name: string
    status: 'active' | 'suspended'
    user_id: string
    role: 'owner' | 'admin' | 'reviewer' | 'viewer'
  }[]
}

export interface StartedBankConnection {
  authorization_url: string
  authorization_id: string
  bank_connection_id: string
  expires_at: string
}

export interface StartedStripeConnection {
  authorization_url: string
  connection_id: string
  expires_at: string
}

export interface StatementImport {
  id: string
  bank_connection_id: string
  /** `done` at once, unless it was sent with `async=true`: then `queued` and `running` come before. */
  status: 'queued' | 'running' | 'done' | 'failed'
  /** `unknown` until the file was read. */
  format: 'camt.053' | 'camt.052' | 'camt.054' | 'mt940' | 'ofx' | 'csv' | 'unknown'
  accounts: number
  /** Booked entries read from the file. */
  entries: number
  /** Entries taken in so far: as many as `entries` when it is done. */
  recorded: number
  created: number
  /** Entries whose money was known already. */
  duplicates: number
  /** CSV only: how the columns were read. */
  mapping: CsvMapping | null
  rejected: {
    line: number
    reason: string
  }[]
  balance_check: 'ok' | 'gap' | 'overlap' | 'unknown'
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  balance_difference: Amount | null
  /** Why it failed, and what to do, in words. */
  error: string | null
  created_at: string
  updated_at: string
}

export interface StatementImportList {
  data: StatementImport[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface StripeCallback {
  connection_id: string
  account_id: string | null
  account_name: string | null
  country: string | null
  livemode: boolean
  status: 'pending' | 'active' | 'error' | 'disconnected'
  error: {
    code: string
    message: string
  } | null
}

export interface StripeConnection {
  id: string
  kind: 'connect_oauth' | 'restricted_key'
  account_id: string | null
  account_name: string | null
  country: string | null
  default_currency: string | null
  livemode: boolean
  scope: string | null
  status: 'pending' | 'active' | 'error' | 'disconnected'
  missing_permissions: string[]
  webhook_url: string | null
  webhook_secret_set: boolean
  connected_at: string | null
  disconnected_at: string | null
  last_sync_at: string | null
  next_sync_at: string | null
  error: {
    code: string
    message: string
  } | null
  created_at: string
  updated_at: string
}

export interface StripeConnectionEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'stripe_connection.active' | 'stripe_connection.disconnected'
  tenant_id: string
  timestamp: string
  data: StripeConnection
}

export interface StripeConnectionList {
  data: StripeConnection[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface StripeConnectionWebhookResponse {
  received: true
}

export interface StripeCredentials {
  provider: 'stripe'
  /** Masked; null where none is kept. */
  secret_key: string | null
  /** Masked; null where none is kept. */
  client_id: string | null
  /** Masked; null where none is kept. */
  webhook_secret: string | null
  created_at: string
  updated_at: string
}

export interface StripeWebhookResponse {
  received: true
}

export interface TeachPayerRequest {
  /** As the bank writes it; its capitals, marks and legal form make no difference. */
  name?: string
  /** Its account. The answer shows the last four characters. */
  iban?: string | null
}

export interface Tenant {
  id: string
  name: string
  slug: string
  kind: 'customer' | 'partner'
  tier: 'standard' | 'premium'
  environment: 'live' | 'sandbox'
  parent_id: string | null
  status: 'active' | 'suspended' | 'deleted'
  settings: {}
  /** As it shows: what the tenant has not set comes from its partner. */
  branding: {
    product_name: string | null
    logo_url: string | null
    primary_color: string | null
    support_email: string | null
    custom_domain: string | null
  }
  /** Only with `expand=health`: how it does, and how much it uses. */
  health?: TenantHealth
  created_at: string
  updated_at: string
}

export interface TenantHealth {
  connections: {
    kind: 'bank' | 'stripe' | 'whmcs'
    active: number
    /** In error, or with a consent that has ended. */
    failing: number
  }[]
  /** When money or invoices were last fetched from any of them. */
  last_fetch_at: string | null
  /** Transactions with a proposal that waits for a person. */
  waiting: number
  /** Payments that were refused, or of which it is not certain what became of them. */
  payments_failed: number
  /** Open alerts. */
  alerts: number
  /** API calls of the last 30 days; counted up to 100000. */
  calls: number
  calls_capped: boolean
  last_call_at: string | null
}

export interface TenantList {
  data: Tenant[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface Transaction {
  id: string
  /** The id the bank or the caller gave. */
  transaction_id: string | null
  /** The bank connection; for money of Stripe the Stripe connection (`strc_…`). */
  bank_id: string
  bank_name: string
  /** The bank account; for money of Stripe the Stripe connection again. */
  account_id: string
  account_name: string
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  amount: Amount
  currency: string
  direction: 'credit' | 'debit'
  description: string
  reference: string
  transaction_date: string
  value_date: string | null
  created_at: string
  updated_at: string
  status: 'pending' | 'processed' | 'ignored'
  match_status: 'unmatched' | 'suggested' | 'matched' | 'applied' | 'transfer'
  source: 'bank' | 'file' | 'stripe' | 'api'
  counterparty: {
    name: string
    iban_last4: string | null
  }
  note: string | null
  /** Only with `expand=client`: whose invoice it pays, of the match that decided it, else of the best suggestion; null for none. */
  client_id?: string | null
  /** Only with `expand=provider_data`: what the bank sent for this line. */
  provider_data?: unknown
}

export interface TransactionBatchResult {
  results: {
    index: number
    status: 'created' | 'duplicate' | 'invalid'
    id: string | null
    error: {
      code: string
      message: string
      details: {
        field: string
        issue: string
      }[]
    } | null
  }[]
}

export interface TransactionEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'transaction.created' | 'transaction.updated'
  tenant_id: string
  timestamp: string
  data: Transaction
}

export interface TransactionHistoryEntry {
  /** Of the audit row or the alert that tells of it; of the transaction where it was recorded without one. */
  id: string
  at: string
  /** As in the audit trail, such as `match.approve`; `alert.open` for what people were told to look at. */
  action: string
  /** The same as a sentence. */
  text: string
  /** The person, key or application that did it, or Payymo itself; null for alerts. */
  actor: {
    type: string
    id: string
    name: string
  } | null
  resource: {
    type: string
    id: string
  }
  /** Of entries about a match: what it proposes, and why. */
  match: {
    id: string
    confidence: number
    score: number
    reasons: MatchReason[]
    /** Why a sure-looking match still waits for a person. */
    withheld: MatchReason[]
    allocations: {
      invoice_id: string
      invoice_number: string
      /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
      amount: Amount
      currency: string
    }[]
  } | null
  /** Of entries about a payment: what is booked, and under which id. */
  payment: {
    invoice_id: string
    invoice_number: string
    /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
    amount: Amount
    currency: string
    transaction_reference: string
  } | null
  /** Of money that a gateway of the billing system recorded: its name there, empty where it is not known; null for all else. */
  gateway?: string | null
  /** Before and after, as in the audit trail. */
  changes: {} | null
}

export interface TransactionHistoryEntryList {
  data: TransactionHistoryEntry[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface TransactionList {
  data: Transaction[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface UpdateInvoiceRequest {
  number?: string
  external_id?: string | null
  /** `paid` closes it, with nothing open; a paid one opens again by `unpaid` with a `balance`. */
  status?: 'draft' | 'unpaid' | 'payment_pending' | 'paid' | 'cancelled' | 'refunded' | 'collections' | null
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  total?: Amount | number
  /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
  balance?: Amount | number | null
  /** Only as it is: an invoice keeps its currency. */
  currency?: string
  issued_on?: string | null
  due_on?: string | null
  client?: {
    name?: string
    /** Your own id of the client, by which it is known again. */
    external_id?: string | null
    company?: string | null
    email?: string | null
  }
  /** What is billed; discounts have an amount below zero. The sum need not be the total: taxes may come on top. */
  items?:
    | {
        description: string
        /** In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact. */
        amount: Amount | number
      }[]
    | null
}

export interface User {
  id: string
  email: string
  name: string
  role: 'owner' | 'admin' | 'reviewer' | 'viewer'
  status: 'invited' | 'active' | 'disabled'
  /** Until when an open invitation may be accepted. */
  invitation_expires_at: string | null
  last_signed_in_at: string | null
  created_at: string
  updated_at: string
}

export interface UserList {
  data: User[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface VerifyWhmcsInstanceRequest {
  /** All three in turn unless given. */
  method?: 'module' | 'file' | 'dns'
}

export interface Webhook {
  id: string
  url: string
  events: string[]
  active: boolean
  /** Why Payymo switched it off: it answered 410, or took nothing for five days. */
  disabled_reason: 'gone' | 'failing' | null
  /** The first failure since the last success. */
  failing_since: string | null
  /** While set, each delivery carries a second signature made with the secret before the rotation. */
  previous_secret_valid_until: string | null
  created_at: string
  updated_at: string
}

export interface WebhookEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'webhook.test' | 'webhook.disabled'
  tenant_id: string
  timestamp: string
  data: Webhook
}

export interface WebhookList {
  data: Webhook[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface WebhookWithSecret {
  id: string
  url: string
  events: string[]
  active: boolean
  /** Why Payymo switched it off: it answered 410, or took nothing for five days. */
  disabled_reason: 'gone' | 'failing' | null
  /** The first failure since the last success. */
  failing_since: string | null
  /** While set, each delivery carries a second signature made with the secret before the rotation. */
  previous_secret_valid_until: string | null
  created_at: string
  updated_at: string
  /** Shown in this answer only. Left out when an idempotent request is replayed. */
  secret?: string
}

export interface WhmcsConnectionTest {
  /** Whether invoices can be read and payments booked. */
  ok: boolean
  steps: {
    step: string
    /** A step that only taking payments back needs does not spoil `ok`. */
    needed_for: 'reading' | 'booking' | 'taking_back'
    ok: boolean
    message: string
    remedy: string | null
  }[]
}

export interface WhmcsInstance {
  id: string
  system_url: string
  mode: 'api' | 'module'
  api_identifier: string | null
  /** System name of the payment method that payments are recorded under. */
  payment_method: string
  /** How payments are written into WHMCS. */
  settings: {
    /** What becomes of money beyond the invoices it settles. `leave` (default): it stays unallocated on the transaction, and the match says so. `credit`: where the invoices are of one client, it becomes credit of that client in WHMCS, with the payment of the last of them. */
    surplus: 'leave' | 'credit'
    /** Whether WHMCS mails the client its confirmation of a payment (default true). */
    confirmation_email: boolean
    /** Whether what Stripe kept is noted in WHMCS as the fee of the payment (default false). The invoice is credited in full either way. */
    stripe_fees: boolean
  }
  status: 'pending' | 'active' | 'error' | 'disconnected'
  error: {
    code: string
    message: string
  } | null
  verified_at: string | null
  verified_by: 'module' | 'file' | 'dns' | null
  /** When the proof was last looked at: once a day, the way it was given. */
  proof_checked_at: string | null
  /** What was found instead of it. After seven days without the proof nothing is booked any more. */
  proof_fault: string | null
  proofs: {
    module: {
      url: string
    }
    file: {
      url: string
      content: string
    }
    dns: {
      name: string
      value: string
    }
  }
  last_seen_at: string | null
  last_sync_at: string | null
  next_sync_at: string | null
  /** When all open invoices and a year of closed ones were first read. */
  mirrored_at: string | null
  version: string | null
  created_at: string
  updated_at: string
}

export interface WhmcsInstanceDetails {
  id: string
  system_url: string
  mode: 'api' | 'module'
  api_identifier: string | null
  /** System name of the payment method that payments are recorded under. */
  payment_method: string
  /** How payments are written into WHMCS. */
  settings: {
    /** What becomes of money beyond the invoices it settles. `leave` (default): it stays unallocated on the transaction, and the match says so. `credit`: where the invoices are of one client, it becomes credit of that client in WHMCS, with the payment of the last of them. */
    surplus: 'leave' | 'credit'
    /** Whether WHMCS mails the client its confirmation of a payment (default true). */
    confirmation_email: boolean
    /** Whether what Stripe kept is noted in WHMCS as the fee of the payment (default false). The invoice is credited in full either way. */
    stripe_fees: boolean
  }
  status: 'pending' | 'active' | 'error' | 'disconnected'
  error: {
    code: string
    message: string
  } | null
  verified_at: string | null
  verified_by: 'module' | 'file' | 'dns' | null
  /** When the proof was last looked at: once a day, the way it was given. */
  proof_checked_at: string | null
  /** What was found instead of it. After seven days without the proof nothing is booked any more. */
  proof_fault: string | null
  proofs: {
    module: {
      url: string
    }
    file: {
      url: string
      content: string
    }
    dns: {
      name: string
      value: string
    }
  }
  last_seen_at: string | null
  last_sync_at: string | null
  next_sync_at: string | null
  /** When all open invoices and a year of closed ones were first read. */
  mirrored_at: string | null
  version: string | null
  created_at: string
  updated_at: string
  /** What its module told; null in mode `api`. */
  module: WhmcsModule | null
}

export interface WhmcsInstanceEvent {
  /** The same at every attempt and replay: keep it, and do each once. */
  id: string
  event_type: 'whmcs_instance.verified'
  tenant_id: string
  timestamp: string
  data: WhmcsInstance
}

export interface WhmcsInstanceList {
  data: WhmcsInstance[]
  pagination: Pagination
  meta: {
    request_id: string
  }
}

export interface WhmcsModule {
  paired_at: string | null
  last_called_at: string | null
  /** When WHMCS's cron last ran, as the module said. */
  cron_last_at: string | null
  /** When it last sent invoices. */
  last_push_at: string | null
  module_version: string | null
  php_version: string | null
  whmcs_version: string | null
  /** For its next call: payments to book, payments to take back, invoices it is asked for. */
  waiting: {
    payments: number
    undos: number
    invoices: number
  }
}

export interface WhmcsModuleArchive {
  /** What to call the file. */
  name: string
  version: string
  /** In bytes. */
  size: number
  /** Of the archive, in hex: the same for everyone who has this version. */
  sha256: string
  /** The archive itself, in base64. Unpack it in the folder of WHMCS that holds init.php. */
  zip: string
}

export interface WhmcsPairingCode {
  /** Paste it into the page of the module in WHMCS. Works once. Left out when an idempotent request is replayed. */
  pairing_code?: string
}

export interface ListAlertsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'opened_at'
    | '-opened_at'
    | 'closed_at'
    | '-closed_at'
    | 'code'
    | '-code'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  code?: string
  severity?: 'info' | 'warning' | 'critical'
  subject_id?: string
  subject_type?: string
  open?: 'true' | 'false'
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  opened_at?: string
  /** `opened_at` is this or more. */
  opened_at_from?: string
  /** `opened_at` is this or less. */
  opened_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  closed_at?: string
  /** `closed_at` is this or more. */
  closed_at_from?: string
  /** `closed_at` is this or less. */
  closed_at_to?: string
}

export interface ListApiKeysQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'name'
    | '-name'
    | 'expires_at'
    | '-expires_at'
    | 'last_used_at'
    | '-last_used_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  name?: string
  permissions?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  expires_at?: string
  /** `expires_at` is this or more. */
  expires_at_from?: string
  /** `expires_at` is this or less. */
  expires_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  last_used_at?: string
  /** `last_used_at` is this or more. */
  last_used_at_from?: string
  /** `last_used_at` is this or less. */
  last_used_at_to?: string
}

export interface ListApiKeyUsageQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'at' | '-at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  status?: string
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  route?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  at?: string
  /** `at` is this or more. */
  at_from?: string
  /** `at` is this or less. */
  at_to?: string
}

export interface ListAuditEventsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'at' | '-at' | 'sequence' | '-sequence'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  action?: string
  actor_id?: string
  actor_type?: 'api_key' | 'user' | 'application' | 'operator' | 'system'
  resource_id?: string
  resource_type?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  at?: string
  /** `at` is this or more. */
  at_from?: string
  /** `at` is this or less. */
  at_to?: string
}

export interface ListBankAccountsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'name'
    | '-name'
    | 'currency'
    | '-currency'
    | 'balance'
    | '-balance'
    | 'balance_at'
    | '-balance_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  name?: string
  /** ISO 4217, upper case. */
  currency?: string
  iban_last4?: string
  bank_connection_id?: string
  balance?: string
  /** `balance` is this or more. */
  balance_min?: string
  /** `balance` is this or less. */
  balance_max?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  balance_at?: string
  /** `balance_at` is this or more. */
  balance_at_from?: string
  /** `balance_at` is this or less. */
  balance_at_to?: string
}

export interface ListBankConnectionsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'name'
    | '-name'
    | 'bank_name'
    | '-bank_name'
    | 'status'
    | '-status'
    | 'consent_expires_at'
    | '-consent_expires_at'
    | 'last_sync_at'
    | '-last_sync_at'
    | 'next_sync_at'
    | '-next_sync_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  name?: string
  bank_name?: string
  status?: 'pending' | 'active' | 'expiring' | 'expired' | 'error' | 'revoked'
  provider?: 'gocardless' | 'file'
  institution_id?: string
  sync_enabled?: 'true' | 'false'
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  consent_expires_at?: string
  /** `consent_expires_at` is this or more. */
  consent_expires_at_from?: string
  /** `consent_expires_at` is this or less. */
  consent_expires_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  last_sync_at?: string
  /** `last_sync_at` is this or more. */
  last_sync_at_from?: string
  /** `last_sync_at` is this or less. */
  last_sync_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  next_sync_at?: string
  /** `next_sync_at` is this or more. */
  next_sync_at_from?: string
  /** `next_sync_at` is this or less. */
  next_sync_at_to?: string
}

export interface ListImportsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at' | 'status' | '-status' | 'format' | '-format'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  status?: 'queued' | 'running' | 'done' | 'failed'
  format?: string
  balance_check?: 'ok' | 'gap' | 'overlap' | 'unknown'
}

export interface ImportStatementQuery {
  /** JSON that names the columns of a CSV file; may also stand in the form */
  mapping?: string
  /** `true`: answers 202 at once and reads the file afterwards; GET /imports/{id} shows how far it is. */
  async?: 'true' | 'false'
}

export interface ListBankSyncsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'status'
    | '-status'
    | 'started_at'
    | '-started_at'
    | 'finished_at'
    | '-finished_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  status?: 'queued' | 'running' | 'done' | 'failed'
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  started_at?: string
  /** `started_at` is this or more. */
  started_at_from?: string
  /** `started_at` is this or less. */
  started_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  finished_at?: string
  /** `finished_at` is this or more. */
  finished_at_from?: string
  /** `finished_at` is this or less. */
  finished_at_to?: string
}

export interface ListClientsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'name'
    | '-name'
    | 'company'
    | '-company'
    | 'email'
    | '-email'
    | 'external_id'
    | '-external_id'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  external_id?: string
  name?: string
  company?: string
  email?: string
  whmcs_instance_id?: string
}

export interface ListEventTypesQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'event_type' | '-event_type'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
}

export interface ListEventsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'created_at' | '-created_at' | 'timestamp' | '-timestamp' | 'event_type' | '-event_type'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  event_type?:
    | 'transaction.created'
    | 'transaction.updated'
    | 'match.created'
    | 'match.approved'
    | 'match.rejected'
    | 'match.applied'
    | 'match.failed'
    | 'match.reversed'
    | 'payment.quarantined'
    | 'invoice.created'
    | 'invoice.updated'
    | 'invoice.paid'
    | 'bank_connection.active'
    | 'bank_connection.expiring'
    | 'bank_connection.expired'
    | 'bank_connection.error'
    | 'bank_connection.synced'
    | 'stripe_connection.active'
    | 'stripe_connection.disconnected'
    | 'payout.created'
    | 'payout.reconciled'
    | 'payout.failed'
    | 'whmcs_instance.verified'
    | 'alert.opened'
    | 'webhook.test'
    | 'webhook.disabled'
  resource_id?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  timestamp?: string
  /** `timestamp` is this or more. */
  timestamp_from?: string
  /** `timestamp` is this or less. */
  timestamp_to?: string
}

export interface ListInstitutionsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'id' | '-id' | 'name' | '-name'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  country: string
}

export interface ListInvoiceMatchesQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'confidence'
    | '-confidence'
    | 'score'
    | '-score'
    | 'decided_at'
    | '-decided_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  status?: 'suggested' | 'approved' | 'applied' | 'rejected' | 'failed' | 'reversed' | 'superseded'
  transaction_id?: string
  invoice_id?: string
  spot_check?: 'waiting' | 'right' | 'wrong'
  confidence?: string
  /** `confidence` is this or more. */
  confidence_min?: string
  /** `confidence` is this or less. */
  confidence_max?: string
  score?: string
  /** `score` is this or more. */
  score_min?: string
  /** `score` is this or less. */
  score_max?: string
  match_reason?: string
  decided_by?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  decided_at?: string
  /** `decided_at` is this or more. */
  decided_at_from?: string
  /** `decided_at` is this or less. */
  decided_at_to?: string
}

export interface ListInvoicesQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'number'
    | '-number'
    | 'issued_on'
    | '-issued_on'
    | 'due_on'
    | '-due_on'
    | 'closed_on'
    | '-closed_on'
    | 'total'
    | '-total'
    | 'balance'
    | '-balance'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  status?: 'draft' | 'unpaid' | 'payment_pending' | 'paid' | 'cancelled' | 'refunded' | 'collections'
  /** ISO 4217, upper case. */
  currency?: string
  source?: string
  number?: string
  external_id?: string
  client_id?: string
  whmcs_instance_id?: string
  total?: string
  /** `total` is this or more. */
  total_min?: string
  /** `total` is this or less. */
  total_max?: string
  balance?: string
  /** `balance` is this or more. */
  balance_min?: string
  /** `balance` is this or less. */
  balance_max?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  issued_on?: string
  /** `issued_on` is this or more. */
  issued_on_from?: string
  /** `issued_on` is this or less. */
  issued_on_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  due_on?: string
  /** `due_on` is this or more. */
  due_on_from?: string
  /** `due_on` is this or less. */
  due_on_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  closed_on?: string
  /** `closed_on` is this or more. */
  closed_on_from?: string
  /** `closed_on` is this or less. */
  closed_on_to?: string
}

export interface ListOAuthApplicationsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at' | 'name' | '-name'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  name?: string
  status?: 'active' | 'disabled'
  permissions?: string
}

export interface ListPaymentsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'amount'
    | '-amount'
    | 'applied_at'
    | '-applied_at'
    | 'attempts'
    | '-attempts'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  state?: 'pending' | 'sending' | 'unknown' | 'applied' | 'refused' | 'quarantined' | 'reversed'
  match_id?: string
  invoice_id?: string
  client_id?: string
  /** ISO 4217, upper case. */
  currency?: string
  amount?: string
  /** `amount` is this or more. */
  amount_min?: string
  /** `amount` is this or less. */
  amount_max?: string
  attempts?: string
  /** `attempts` is this or more. */
  attempts_min?: string
  /** `attempts` is this or less. */
  attempts_max?: string
  transaction_reference?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  applied_at?: string
  /** `applied_at` is this or more. */
  applied_at_from?: string
  /** `applied_at` is this or less. */
  applied_at_to?: string
}

export interface ListPayoutsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'arrival_date'
    | '-arrival_date'
    | 'amount'
    | '-amount'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  connection_id?: string
  external_id?: string
  status?: string
  /** ISO 4217, upper case. */
  currency?: string
  amount?: string
  /** `amount` is this or more. */
  amount_min?: string
  /** `amount` is this or less. */
  amount_max?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  arrival_date?: string
  /** `arrival_date` is this or more. */
  arrival_date_from?: string
  /** `arrival_date` is this or less. */
  arrival_date_to?: string
  automatic?: 'true' | 'false'
  composition?: 'open' | 'itemised' | 'deduced' | 'unexplained'
  bank_transaction_id?: string
}

export interface ListPayoutItemsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'created' | '-created'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  type?: string
  category?: string
  source_id?: string
  charge_id?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created?: string
  /** `created` is this or more. */
  created_from?: string
  /** `created` is this or less. */
  created_to?: string
}

export interface ListProviderCredentialsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at' | 'provider' | '-provider'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  provider?: 'gocardless' | 'enablebanking' | 'stripe'
}

export interface ReportReconciliationQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'date' | '-date'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** The first day; 30 days before the end unless given. */
  from?: string
  /** The last day; today in the time zone of the tenant unless given. At most 400 days in all. */
  to?: string
  /** ISO 4217, upper case. */
  currency?: string
}

export interface ReportShadowQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'date' | '-date'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** The first day; 30 days before the end unless given. */
  from?: string
  /** The last day; today in the time zone of the tenant unless given. At most 400 days in all. */
  to?: string
  outcome?: 'same' | 'other' | 'open'
}

export interface ListStripeConnectionsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'account_name'
    | '-account_name'
    | 'status'
    | '-status'
    | 'connected_at'
    | '-connected_at'
    | 'disconnected_at'
    | '-disconnected_at'
    | 'last_sync_at'
    | '-last_sync_at'
    | 'next_sync_at'
    | '-next_sync_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  kind?: 'connect_oauth' | 'restricted_key'
  account_id?: string
  account_name?: string
  country?: string
  /** ISO 4217, upper case. */
  default_currency?: string
  livemode?: 'true' | 'false'
  scope?: string
  status?: 'pending' | 'active' | 'error' | 'disconnected'
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  connected_at?: string
  /** `connected_at` is this or more. */
  connected_at_from?: string
  /** `connected_at` is this or less. */
  connected_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  disconnected_at?: string
  /** `disconnected_at` is this or more. */
  disconnected_at_from?: string
  /** `disconnected_at` is this or less. */
  disconnected_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  last_sync_at?: string
  /** `last_sync_at` is this or more. */
  last_sync_at_from?: string
  /** `last_sync_at` is this or less. */
  last_sync_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  next_sync_at?: string
  /** `next_sync_at` is this or more. */
  next_sync_at_from?: string
  /** `next_sync_at` is this or less. */
  next_sync_at_to?: string
}

export interface ListTenantsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at' | 'name' | '-name' | 'slug' | '-slug'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  name?: string
  slug?: string
  kind?: 'customer' | 'partner'
  tier?: 'standard' | 'premium'
  environment?: 'live' | 'sandbox'
  status?: 'active' | 'suspended' | 'deleted'
  parent_id?: string
  /** Parts that are left out unless asked for. */
  expand?: 'health'
}

export interface ListTenantApiKeysQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'name'
    | '-name'
    | 'expires_at'
    | '-expires_at'
    | 'last_used_at'
    | '-last_used_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  name?: string
  permissions?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  expires_at?: string
  /** `expires_at` is this or more. */
  expires_at_from?: string
  /** `expires_at` is this or less. */
  expires_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  last_used_at?: string
  /** `last_used_at` is this or more. */
  last_used_at_from?: string
  /** `last_used_at` is this or less. */
  last_used_at_to?: string
}

export interface ListTransactionsQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'transaction_date'
    | '-transaction_date'
    | 'value_date'
    | '-value_date'
    | 'amount'
    | '-amount'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  status?: 'pending' | 'processed' | 'ignored'
  match_status?: 'unmatched' | 'suggested' | 'matched' | 'applied' | 'transfer'
  direction?: 'credit' | 'debit'
  source?: 'bank' | 'file' | 'stripe' | 'api'
  /** ISO 4217, upper case. */
  currency?: string
  amount?: string
  /** `amount` is this or more. */
  amount_min?: string
  /** `amount` is this or less. */
  amount_max?: string
  account_id?: string
  bank_id?: string
  bank_name?: string
  account_name?: string
  client_id?: string
  transaction_id?: string
  reference?: string
  counterparty_name?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  transaction_date?: string
  /** `transaction_date` is this or more. */
  transaction_date_from?: string
  /** `transaction_date` is this or less. */
  transaction_date_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  value_date?: string
  /** `value_date` is this or more. */
  value_date_from?: string
  /** `value_date` is this or less. */
  value_date_to?: string
  /** Parts that are left out unless asked for. */
  expand?: 'client'
}

export interface GetTransactionQuery {
  /** Parts that are left out unless asked for. */
  expand?: 'provider_data' | 'client'
}

export interface ListTransactionHistoryQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?: 'at' | '-at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
}

export interface ListUsersQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'email'
    | '-email'
    | 'name'
    | '-name'
    | 'last_signed_in_at'
    | '-last_signed_in_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  email?: string
  name?: string
  role?: 'owner' | 'admin' | 'reviewer' | 'viewer'
  status?: 'invited' | 'active' | 'disabled'
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  last_signed_in_at?: string
  /** `last_signed_in_at` is this or more. */
  last_signed_in_at_from?: string
  /** `last_signed_in_at` is this or less. */
  last_signed_in_at_to?: string
}

export interface ListWebhooksQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'url'
    | '-url'
    | 'failing_since'
    | '-failing_since'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  url?: string
  active?: 'true' | 'false'
  events?: string
  disabled_reason?: 'gone' | 'failing'
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  failing_since?: string
  /** `failing_since` is this or more. */
  failing_since_from?: string
  /** `failing_since` is this or less. */
  failing_since_to?: string
}

export interface ListDeliveriesQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'event_type'
    | '-event_type'
    | 'status'
    | '-status'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  status?: 'pending' | 'delivered' | 'failed' | 'dead'
  event_type?:
    | 'transaction.created'
    | 'transaction.updated'
    | 'match.created'
    | 'match.approved'
    | 'match.rejected'
    | 'match.applied'
    | 'match.failed'
    | 'match.reversed'
    | 'payment.quarantined'
    | 'invoice.created'
    | 'invoice.updated'
    | 'invoice.paid'
    | 'bank_connection.active'
    | 'bank_connection.expiring'
    | 'bank_connection.expired'
    | 'bank_connection.error'
    | 'bank_connection.synced'
    | 'stripe_connection.active'
    | 'stripe_connection.disconnected'
    | 'payout.created'
    | 'payout.reconciled'
    | 'payout.failed'
    | 'whmcs_instance.verified'
    | 'alert.opened'
    | 'webhook.test'
    | 'webhook.disabled'
  event_id?: string
}

export interface ListWhmcsInstancesQuery {
  /** The page, from 1. For more than a few pages walk by cursor. */
  page?: number
  /** How many rows a page holds. */
  per_page?: number
  /** `next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters. */
  cursor?: string
  /** The field to sort by; with `-` the greatest first. Newest first unless given. */
  sort?:
    | 'created_at'
    | '-created_at'
    | 'updated_at'
    | '-updated_at'
    | 'system_url'
    | '-system_url'
    | 'status'
    | '-status'
    | 'verified_at'
    | '-verified_at'
    | 'last_seen_at'
    | '-last_seen_at'
  /** Only rows that changed at this day or time or later. */
  updated_since?: string
  /** Every word must begin a word of the row. Case and accents do not matter. */
  q?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  created_at?: string
  /** `created_at` is this or more. */
  created_at_from?: string
  /** `created_at` is this or less. */
  created_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  updated_at?: string
  /** `updated_at` is this or more. */
  updated_at_from?: string
  /** `updated_at` is this or less. */
  updated_at_to?: string
  system_url?: string
  status?: 'pending' | 'active' | 'error' | 'disconnected'
  mode?: 'api' | 'module'
  payment_method?: string
  surplus?: 'leave' | 'credit'
  version?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  verified_at?: string
  /** `verified_at` is this or more. */
  verified_at_from?: string
  /** `verified_at` is this or less. */
  verified_at_to?: string
  /** A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`). */
  last_seen_at?: string
  /** `last_seen_at` is this or more. */
  last_seen_at_from?: string
  /** `last_seen_at` is this or less. */
  last_seen_at_to?: string
}

/** Whatever a webhook may deliver; `event_type` tells which. */
export type PayymoEvent =
  | TransactionEvent
  | MatchEvent
  | PaymentEvent
  | InvoiceEvent
  | BankConnectionEvent
  | StripeConnectionEvent
  | PayoutEvent
  | WhmcsInstanceEvent
  | AlertEvent
  | WebhookEvent

export type EventTypeName = PayymoEvent['event_type']

export type ErrorCode = ErrorAnswer['error']['code']

/** Fields that are amounts: their digits are kept when an answer is read. */
export const AMOUNT_FIELDS: ReadonlySet<string> = new Set([
  'amount',
  'balance',
  'balance_difference',
  'billed_amount',
  'difference',
  'fee',
  'fee_tolerance',
  'fees',
  'fees_total',
  'items_total',
  'max_auto_amount',
  'net',
  'open_amount',
  'paid_amount',
  'surplus',
  'total',
])
