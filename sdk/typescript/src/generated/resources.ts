// Made by `npm run generate` from openapi.json. Do not edit.

import { type Call, type CallOptions, type Core, type FileBody, segment } from '../core.ts'
import { eachItem } from '../paging.ts'
import type * as t from './types.ts'

export class Alerts {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List alerts.
   *  `open=true` lists what still has to be looked at, `open=false` what was closed.
   *  Needs the permission `reports:read`. */
  list(query: t.ListAlertsQuery = {}, options?: CallOptions): Call<t.AlertList> {
    return this.#core.call({ method: 'GET', path: '/alerts', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListAlertsQuery = {}, options?: CallOptions): AsyncGenerator<t.Alert> {
    return eachItem((page: t.ListAlertsQuery) => this.list(page, options), query)
  }

  /** Read an alert.
   *  Needs the permission `reports:read`. */
  get(id: string, options?: CallOptions): Call<t.Alert> {
    return this.#core.call({ method: 'GET', path: `/alerts/${segment(id)}`, options })
  }

  /** Close an alert.
   *  Says that somebody has seen to it. Payymo closes alerts itself when it sees that the cause is gone; one that is closed by hand and noticed again is a new alert. Closing twice changes nothing.
   *  Needs the permission `reports:write`. */
  update(id: string, body: t.CloseAlertRequest, options?: CallOptions): Call<t.Alert> {
    return this.#core.call({ method: 'PATCH', path: `/alerts/${segment(id)}`, body, options })
  }
}

export class ApiKeys {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List the API keys of the tenant.
   *  Needs the permission `api_keys:read`. */
  list(query: t.ListApiKeysQuery = {}, options?: CallOptions): Call<t.ApiKeyList> {
    return this.#core.call({ method: 'GET', path: '/api-keys', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListApiKeysQuery = {}, options?: CallOptions): AsyncGenerator<t.ApiKey> {
    return eachItem((page: t.ListApiKeysQuery) => this.list(page, options), query)
  }

  /** Create an API key.
   *  The key itself is in this answer only. A key never grants more than the key that makes it.
   *  Needs the permission `api_keys:write`.
   *  People must have typed their password within the last ten minutes.
   *  `key` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  create(body: t.CreateApiKeyRequest, options?: CallOptions): Call<t.CreatedApiKey> {
    return this.#core.call({ method: 'POST', path: '/api-keys', body, options })
  }

  /** Read an API key.
   *  Needs the permission `api_keys:read`. */
  get(id: string, options?: CallOptions): Call<t.ApiKey> {
    return this.#core.call({ method: 'GET', path: `/api-keys/${segment(id)}`, options })
  }

  /** Revoke an API key.
   *  The key is refused everywhere within five seconds, the one that makes this call included.
   *  Needs the permission `api_keys:write`.
   *  People must have typed their password within the last ten minutes. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/api-keys/${segment(id)}`, options })
  }

  /** Put a new key in the place of an API key.
   *  Answers a new key with the same name, permissions and expiry; the key itself is in this answer only. The old one still holds for `overlap_seconds` (a day unless given), never longer than it would have.
   *  Needs the permission `api_keys:write`.
   *  People must have typed their password within the last ten minutes.
   *  `key` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  rotate(id: string, body: t.RotateApiKeyRequest = {}, options?: CallOptions): Call<t.CreatedApiKey> {
    return this.#core.call({ method: 'POST', path: `/api-keys/${segment(id)}/rotate`, body, options })
  }

  /** List the calls made with an API key.
   *  Every call of the last 30 days, newest first, refused ones included. Calls show here within about a second. A revoked key answers 404.
   *  Needs the permission `api_keys:read`. */
  listUsage(id: string, query: t.ListApiKeyUsageQuery = {}, options?: CallOptions): Call<t.ApiCallList> {
    return this.#core.call({ method: 'GET', path: `/api-keys/${segment(id)}/usage`, query, options })
  }

  /** Every row of `listUsage`, page after page. */
  listAllUsage(id: string, query: t.ListApiKeyUsageQuery = {}, options?: CallOptions): AsyncGenerator<t.ApiCall> {
    return eachItem((page: t.ListApiKeyUsageQuery) => this.listUsage(id, page, options), query)
  }
}

export class AuditEvents {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List who did what, when and from where.
   *  Newest first. Every change and every refused attempt is a row; rows are chained by their hashes, so that a changed or missing one shows.
   *  Needs the permission `audit:read`. */
  list(query: t.ListAuditEventsQuery = {}, options?: CallOptions): Call<t.AuditEventList> {
    return this.#core.call({ method: 'GET', path: '/audit-events', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListAuditEventsQuery = {}, options?: CallOptions): AsyncGenerator<t.AuditEvent> {
    return eachItem((page: t.ListAuditEventsQuery) => this.list(page, options), query)
  }

  /** Check the whole audit trail.
   *  Walks the chain from its first row to its head, and through the newest head kept outside the database. About ten seconds per million rows. A verdict stands for a minute while no row joins.
   *  Needs the permission `audit:read`. */
  verify(options?: CallOptions): Call<t.AuditVerdict> {
    return this.#core.call({ method: 'GET', path: '/audit-events/verify', options })
  }

  /** Read one row of the audit trail.
   *  Needs the permission `audit:read`. */
  get(id: string, options?: CallOptions): Call<t.AuditEvent> {
    return this.#core.call({ method: 'GET', path: `/audit-events/${segment(id)}`, options })
  }
}

export class BankAccounts {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List bank accounts.
   *  Needs the permission `bank_connections:read`. */
  list(query: t.ListBankAccountsQuery = {}, options?: CallOptions): Call<t.BankAccountList> {
    return this.#core.call({ method: 'GET', path: '/bank-accounts', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListBankAccountsQuery = {}, options?: CallOptions): AsyncGenerator<t.BankAccount> {
    return eachItem((page: t.ListBankAccountsQuery) => this.list(page, options), query)
  }
}

export class BankConnections {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** Create a connection without a consent.
   *  For statement files and for money that another system posts.
   *  Needs the permission `bank_connections:write`. */
  create(body: t.CreateBankConnectionRequest, options?: CallOptions): Call<t.BankConnection> {
    return this.#core.call({ method: 'POST', path: '/bank-connections', body, options })
  }

  /** List bank connections.
   *  Needs the permission `bank_connections:read`. */
  list(query: t.ListBankConnectionsQuery = {}, options?: CallOptions): Call<t.BankConnectionList> {
    return this.#core.call({ method: 'GET', path: '/bank-connections', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListBankConnectionsQuery = {}, options?: CallOptions): AsyncGenerator<t.BankConnection> {
    return eachItem((page: t.ListBankConnectionsQuery) => this.list(page, options), query)
  }

  /** Begin a consent at a bank.
   *  Send the person to `authorization_url`. They come back to `redirect_url` with `bank_connection_id` and `status` (`active`, or `failed` and `error`).
   *  Needs the permission `bank_connections:write`. */
  initialize(body: t.InitializeBankConnectionRequest, options?: CallOptions): Call<t.StartedBankConnection> {
    return this.#core.call({ method: 'POST', path: '/bank-connections/initialize', body, options })
  }

  /** Read a bank connection.
   *  Needs the permission `bank_connections:read`. */
  get(id: string, options?: CallOptions): Call<t.BankConnection> {
    return this.#core.call({ method: 'GET', path: `/bank-connections/${segment(id)}`, options })
  }

  /** Rename a bank connection or switch its reading off and on.
   *  Needs the permission `bank_connections:write`. */
  update(id: string, body: t.ChangeBankConnectionRequest = {}, options?: CallOptions): Call<t.BankConnection> {
    return this.#core.call({ method: 'PATCH', path: `/bank-connections/${segment(id)}`, body, options })
  }

  /** Revoke the consent and keep the history.
   *  Needs the permission `bank_connections:write`. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/bank-connections/${segment(id)}`, options })
  }

  /** List the statement files of a bank connection.
   *  What became of each file, with the lines that were rejected and why, the newest first.
   *  Needs the permission `bank_connections:read`. */
  listImports(id: string, query: t.ListImportsQuery = {}, options?: CallOptions): Call<t.StatementImportList> {
    return this.#core.call({ method: 'GET', path: `/bank-connections/${segment(id)}/imports`, query, options })
  }

  /** Every row of `listImports`, page after page. */
  listAllImports(id: string, query: t.ListImportsQuery = {}, options?: CallOptions): AsyncGenerator<t.StatementImport> {
    return eachItem((page: t.ListImportsQuery) => this.listImports(id, page, options), query)
  }

  /** Renew the consent.
   *  Keeps the connection and its accounts, which are known again by IBAN and currency.
   *  Needs the permission `bank_connections:write`. */
  reconnect(id: string, body: t.ReconnectBankConnectionRequest, options?: CallOptions): Call<t.StartedBankConnection> {
    return this.#core.call({ method: 'POST', path: `/bank-connections/${segment(id)}/reconnect`, body, options })
  }

  /** Import a statement file.
   *  CAMT.053, 052 or 054 (also several in a ZIP), MT940, OFX/QFX or CSV, as the body itself or as `file` of a multipart form. The same file again creates nothing. With `async=true`, for large files, it is read after the answer.
   *  Needs the permission `bank_connections:write`. */
  importStatement(
    id: string,
    file: FileBody,
    query: t.ImportStatementQuery = {},
    options?: CallOptions,
  ): Call<t.StatementImport> {
    return this.#core.call({
      method: 'POST',
      path: `/bank-connections/${segment(id)}/statements`,
      file,
      query,
      options,
    })
  }

  /** Read the bank now.
   *  Needs the permission `bank_connections:write`. */
  sync(id: string, options?: CallOptions): Call<t.BankSync> {
    return this.#core.call({ method: 'POST', path: `/bank-connections/${segment(id)}/sync`, options })
  }

  /** List the reads of a bank connection.
   *  Needs the permission `bank_connections:read`. */
  listSyncs(id: string, query: t.ListBankSyncsQuery = {}, options?: CallOptions): Call<t.BankSyncList> {
    return this.#core.call({ method: 'GET', path: `/bank-connections/${segment(id)}/syncs`, query, options })
  }

  /** Every row of `listSyncs`, page after page. */
  listAllSyncs(id: string, query: t.ListBankSyncsQuery = {}, options?: CallOptions): AsyncGenerator<t.BankSync> {
    return eachItem((page: t.ListBankSyncsQuery) => this.listSyncs(id, page, options), query)
  }
}

export class Clients {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List clients.
   *  Those who owe or owed the mirrored invoices.
   *  Needs the permission `invoices:read`. */
  list(query: t.ListClientsQuery = {}, options?: CallOptions): Call<t.ClientList> {
    return this.#core.call({ method: 'GET', path: '/clients', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListClientsQuery = {}, options?: CallOptions): AsyncGenerator<t.Client> {
    return eachItem((page: t.ListClientsQuery) => this.list(page, options), query)
  }

  /** Read a client.
   *  Who they are, who has paid for them before, and what of their bills is open and paid, by currency. Their invoices, payments and transactions are lists of their own, by `client_id`.
   *  Needs the permission `invoices:read`. */
  get(id: string, options?: CallOptions): Call<t.ClientDetails> {
    return this.#core.call({ method: 'GET', path: `/clients/${segment(id)}`, options })
  }

  /** Say who pays for a client.
   *  A name, an account, or a name on an account. Matching counts it as it counts a decision of a person: it speaks for the client when this payer sends money, less so with the years, and an account named for two clients is taken for shared. Nothing that was booked changes.
   *  Needs the permission `matches:write`. */
  createPayer(id: string, body: t.TeachPayerRequest = {}, options?: CallOptions): Call<t.ClientPayer> {
    return this.#core.call({ method: 'POST', path: `/clients/${segment(id)}/payers`, body, options })
  }

  /** Correct who pays for a client.
   *  Another name or account, or `pays`: whether it pays for this client. What people decided until now of the payer as it was called, or of one that never pays, counts no longer. Nothing that was booked changes.
   *  Needs the permission `matches:write`. */
  updatePayer(id: string, n: string, body: t.CorrectPayerRequest = {}, options?: CallOptions): Call<t.ClientPayer> {
    return this.#core.call({ method: 'PATCH', path: `/clients/${segment(id)}/payers/${segment(n)}`, body, options })
  }

  /** Have matching forget who pays for a client.
   *  What people decided and said until now says no longer that this payer pays for this client, or does not. Later decisions teach it again. Nothing that was booked changes.
   *  Needs the permission `matches:write`. */
  deletePayer(id: string, n: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/clients/${segment(id)}/payers/${segment(n)}`, options })
  }
}

export class EventTypes {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List the types of events.
   *  What a webhook may subscribe to, also in groups such as `match.*` or altogether as `*`.
   *  Needs the permission `webhooks:read`. */
  list(query: t.ListEventTypesQuery = {}, options?: CallOptions): Call<t.EventTypeList> {
    return this.#core.call({ method: 'GET', path: '/event-types', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListEventTypesQuery = {}, options?: CallOptions): AsyncGenerator<t.EventType> {
    return eachItem((page: t.ListEventTypesQuery) => this.list(page, options), query)
  }
}

export class Events {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List events.
   *  What happened, newest first, whether or not a webhook wanted to know.
   *  Needs the permission `webhooks:read`. */
  list(query: t.ListEventsQuery = {}, options?: CallOptions): Call<t.EventList> {
    return this.#core.call({ method: 'GET', path: '/events', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListEventsQuery = {}, options?: CallOptions): AsyncGenerator<t.Event> {
    return eachItem((page: t.ListEventsQuery) => this.list(page, options), query)
  }

  /** Read an event.
   *  Needs the permission `webhooks:read`. */
  get(id: string, options?: CallOptions): Call<t.Event> {
    return this.#core.call({ method: 'GET', path: `/events/${segment(id)}`, options })
  }
}

export class Imports {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** Read what became of a statement file.
   *  Needs the permission `bank_connections:read`. */
  get(id: string, options?: CallOptions): Call<t.StatementImport> {
    return this.#core.call({ method: 'GET', path: `/imports/${segment(id)}`, options })
  }
}

export class Institutions {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List the banks of a country.
   *  Banks carry no times: with `updated_since` all of them are shown.
   *  Needs the permission `bank_connections:read`. */
  list(query: t.ListInstitutionsQuery, options?: CallOptions): Call<t.InstitutionList> {
    return this.#core.call({ method: 'GET', path: '/institutions', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListInstitutionsQuery, options?: CallOptions): AsyncGenerator<t.Institution> {
    return eachItem((page: t.ListInstitutionsQuery) => this.list(page, options), query)
  }
}

export class InvoiceMatches {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List matches.
   *  Proposals and decisions, newest first. `status=suggested` is what waits for a person.
   *  Needs the permission `matches:read`. */
  list(query: t.ListInvoiceMatchesQuery = {}, options?: CallOptions): Call<t.InvoiceMatchList> {
    return this.#core.call({ method: 'GET', path: '/invoice-matches', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListInvoiceMatchesQuery = {}, options?: CallOptions): AsyncGenerator<t.InvoiceMatch> {
    return eachItem((page: t.ListInvoiceMatchesQuery) => this.list(page, options), query)
  }

  /** Say which invoices a transaction pays.
   *  Approved at once unless `apply` is false, and `applied` at once where the invoices were recorded by API. Open suggestions of the transaction are superseded.
   *  Needs the permission `matches:write`. */
  create(body: t.CreateInvoiceMatchRequest, options?: CallOptions): Call<t.InvoiceMatch> {
    return this.#core.call({ method: 'POST', path: '/invoice-matches', body, options })
  }

  /** Approve, reject or reverse up to 1000 matches.
   *  Each match is decided for itself, as by `PATCH /invoice-matches/{id}`: one that cannot be decided says why and holds up no other. A match that is already as wanted counts as done. An applied match that is being reversed stays `applied` until its payments are taken back. What does not fit into the time of one request ends as `service_unavailable`, unchanged: send those again.
   *  Needs the permission `matches:write`. */
  bulk(body: t.DecideInvoiceMatchesRequest, options?: CallOptions): Call<t.BulkDecision> {
    return this.#core.call({ method: 'POST', path: '/invoice-matches/bulk', body, options })
  }

  /** Match now.
   *  Looks for the invoices of all undecided money, or of the `transaction_ids` given, in the background. With `dry_run` nothing is kept: the answer is what would happen in mode `auto` at this moment, whatever the mode is, with the settings in `policy` in place of the present ones.
   *  Needs the permission `matches:write`. */
  run(body: t.RunMatchingRequest = {}, options?: CallOptions): Call<t.MatchingDryRun | t.MatchingRun> {
    return this.#core.call({ method: 'POST', path: '/invoice-matches/run', body, options })
  }

  /** Read a match.
   *  Needs the permission `matches:read`. */
  get(id: string, options?: CallOptions): Call<t.InvoiceMatch> {
    return this.#core.call({ method: 'GET', path: `/invoice-matches/${segment(id)}`, options })
  }

  /** Approve, reject or reverse a match.
   *  Of equal calls at the same moment one wins; the others answer 409.
   *  `reversed`, of an applied match, takes its payments back in WHMCS: the money goes out of the invoice under an id of its own, a paid invoice is set to Unpaid again, and what had become credit of the client is taken back. That takes a moment: 202, the match stays `applied` with `reversal`, and becomes `reversed` (event `match.reversed`) once WHMCS shows all of it. The same pair is not proposed again. Money booked by hand in WHMCS (`already_booked`) is let go of at once, without touching WHMCS: 200. Payments on invoices that were recorded by API (`source` `api`) are taken back at once: 202 with the match `reversed` and `reversal.state` `done`.
   *  What cannot be undone is said in `reversal.left` of this answer, before anything happens: mails that WHMCS sent, services and domains it set up, renewed or unsuspended, credit that the client has used. What WHMCS refuses (permissions, invoices that may not be changed) makes `reversal.state` `needs_person`, with the steps that remain in `left`; when they are done, say so with POST /payments/{id}/resolve.
   *  Needs the permission `matches:write`. */
  update(id: string, body: t.DecideInvoiceMatchRequest, options?: CallOptions): Call<t.InvoiceMatch> {
    return this.#core.call({ method: 'PATCH', path: `/invoice-matches/${segment(id)}`, body, options })
  }

  /** Say that a spot check is right.
   *  One in a hundred matches that were applied without a person, at most five a day, is drawn by lot for a look: `GET /invoice-matches?spot_check=waiting`. One that is found right counts as a decision of the person from then on: matching learns from it who pays. One that is wrong is taken back as any other (`PATCH` with `reversed`), which answers it too. Without an answer it counts for nothing. 409 when it was not drawn, was answered before, or is taken back.
   *  Needs the permission `matches:write`. */
  confirm(id: string, options?: CallOptions): Call<t.InvoiceMatch> {
    return this.#core.call({ method: 'POST', path: `/invoice-matches/${segment(id)}/confirm`, options })
  }

  /** Let go of a failed match.
   *  Of a match that the billing system refused and of which nothing was booked: it becomes `superseded`, and its money is free to be matched anew, given to other invoices, or set aside. The same invoices are not proposed for it again. 409 when the match is not `failed`, or when a part of it is booked.
   *  Needs the permission `matches:write`. */
  release(id: string, options?: CallOptions): Call<t.InvoiceMatch> {
    return this.#core.call({ method: 'POST', path: `/invoice-matches/${segment(id)}/release`, options })
  }
}

export class Invoices {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List invoices.
   *  Open invoices and those closed within 400 days, as last read from the billing system.
   *  Needs the permission `invoices:read`. */
  list(query: t.ListInvoicesQuery = {}, options?: CallOptions): Call<t.InvoiceList> {
    return this.#core.call({ method: 'GET', path: '/invoices', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListInvoicesQuery = {}, options?: CallOptions): AsyncGenerator<t.Invoice> {
    return eachItem((page: t.ListInvoicesQuery) => this.list(page, options), query)
  }

  /** Record an invoice.
   *  For tenants whose billing is not WHMCS; the invoice has `source` `api`. Money that fits is matched as ever; approval applies at once: the balance goes down, and at zero the invoice is paid (event `invoice.paid`). A number or an external id counts once: the same again is 409.
   *  Needs the permission `invoices:write`. */
  create(body: t.CreateInvoiceRequest, options?: CallOptions): Call<t.Invoice> {
    return this.#core.call({ method: 'POST', path: '/invoices', body, options })
  }

  /** Read an invoice.
   *  Needs the permission `invoices:read`. */
  get(id: string, options?: CallOptions): Call<t.Invoice> {
    return this.#core.call({ method: 'GET', path: `/invoices/${segment(id)}`, options })
  }

  /** Change an invoice that was recorded by API.
   *  Merges what is given; null restores the default. Payments that Payymo has applied stay as they are: what is open and what they stand for is together at most the total. An invoice mirrored from WHMCS is changed there: 409.
   *  Needs the permission `invoices:write`. */
  update(id: string, body: t.UpdateInvoiceRequest = {}, options?: CallOptions): Call<t.Invoice> {
    return this.#core.call({ method: 'PATCH', path: `/invoices/${segment(id)}`, body, options })
  }
}

export class OauthApplications {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List the OAuth applications of the tenant.
   *  Needs the permission `api_keys:read`. */
  list(query: t.ListOAuthApplicationsQuery = {}, options?: CallOptions): Call<t.OAuthApplicationList> {
    return this.#core.call({ method: 'GET', path: '/oauth-applications', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListOAuthApplicationsQuery = {}, options?: CallOptions): AsyncGenerator<t.OAuthApplication> {
    return eachItem((page: t.ListOAuthApplicationsQuery) => this.list(page, options), query)
  }

  /** Register an OAuth application.
   *  The secret is in this answer only. An application never gets more than whoever registers it holds, and in the name of a person never more than the role of that person. An application of a partner can be allowed by people of its tenants as well.
   *  Needs the permission `api_keys:write`.
   *  People must have typed their password within the last ten minutes.
   *  `client_secret` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  create(body: t.CreateOAuthApplicationRequest, options?: CallOptions): Call<t.CreatedOAuthApplication> {
    return this.#core.call({ method: 'POST', path: '/oauth-applications', body, options })
  }

  /** Read an OAuth application.
   *  Needs the permission `api_keys:read`. */
  get(id: string, options?: CallOptions): Call<t.OAuthApplication> {
    return this.#core.call({ method: 'GET', path: `/oauth-applications/${segment(id)}`, options })
  }

  /** Change an OAuth application.
   *  Tokens that are out follow within five seconds. `status: disabled` stops them all; `active` lets those go on that have not run out.
   *  Needs the permission `api_keys:write`.
   *  People must have typed their password within the last ten minutes. */
  update(id: string, body: t.ChangeOAuthApplicationRequest = {}, options?: CallOptions): Call<t.OAuthApplication> {
    return this.#core.call({ method: 'PATCH', path: `/oauth-applications/${segment(id)}`, body, options })
  }

  /** Delete an OAuth application.
   *  Every token it has is refused within five seconds.
   *  Needs the permission `api_keys:write`.
   *  People must have typed their password within the last ten minutes. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/oauth-applications/${segment(id)}`, options })
  }
}

export class Payments {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List payments.
   *  What approved matches book on invoices, newest first. On invoices of WHMCS it is sent there: `state=quarantined` is what waits for a person; `unknown` means that WHMCS gave no clear answer and Payymo looks before it does anything. On invoices recorded by API a payment is `applied` at once, and nothing is sent.
   *  Needs the permission `payments:read`. */
  list(query: t.ListPaymentsQuery = {}, options?: CallOptions): Call<t.PaymentList> {
    return this.#core.call({ method: 'GET', path: '/payments', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListPaymentsQuery = {}, options?: CallOptions): AsyncGenerator<t.Payment> {
    return eachItem((page: t.ListPaymentsQuery) => this.list(page, options), query)
  }

  /** Read a payment.
   *  Needs the permission `payments:read`. */
  get(id: string, options?: CallOptions): Call<t.Payment> {
    return this.#core.call({ method: 'GET', path: `/payments/${segment(id)}`, options })
  }

  /** Decide about a payment that waits for a person.
   *  Only payments in WHMCS ever wait. A quarantined payment: `applied`: it is in WHMCS already. `retry`: send it again, after a fresh look-up. `drop`: do not send it; its match has failed and the money is free again. A payment whose taking-back waits (`undo.state` is `needs_person`): `applied`: it is taken back, by whatever hand; WHMCS is not touched. `retry`: Payymo looks again and goes on where it stopped. `drop`: the payment stays booked; 409 when its money is out already. Any other state answers 409.
   *  Needs the permission `payments:write`. */
  resolve(id: string, body: t.ResolvePaymentRequest, options?: CallOptions): Call<t.Payment> {
    return this.#core.call({ method: 'POST', path: `/payments/${segment(id)}/resolve`, body, options })
  }
}

export class Payouts {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List payouts.
   *  What Stripe sends to the bank or takes from it, newest first, with how far each is explained; the items stand in the single payout. With `Accept: text/csv` all payouts that match the filters come as one file.
   *  Needs the permission `payouts:read`. */
  list(query: t.ListPayoutsQuery = {}, options?: CallOptions): Call<t.ListedPayoutList> {
    return this.#core.call({ method: 'GET', path: '/payouts', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListPayoutsQuery = {}, options?: CallOptions): AsyncGenerator<t.ListedPayout> {
    return eachItem((page: t.ListPayoutsQuery) => this.list(page, options), query)
  }

  /** The rows of `list` as CSV. */
  exportCsv(query: t.ListPayoutsQuery = {}, options?: CallOptions): Call<string> {
    return this.#core.call({ method: 'GET', path: '/payouts', query, options, accept: 'text/csv' })
  }

  /** Read a payout with what it is made of.
   *  The items are the movements of the Stripe balance that the payout took: charges, refunds, disputes, fees, what was held back, an earlier payout that came back. `explained` adds them up: amount = items_total − fees_total + difference. A difference that is not zero is unexplained; Payymo reads the list again.
   *  Needs the permission `payouts:read`. */
  get(id: string, options?: CallOptions): Call<t.Payout> {
    return this.#core.call({ method: 'GET', path: `/payouts/${segment(id)}`, options })
  }

  /** Say which line of the bank a payout is.
   *  Payymo finds the line by itself where it is certain; otherwise `bank_candidates` names those that may be it. The line chosen becomes a transfer between own accounts (`match_status` `transfer`) and pays no invoice; its amount may differ from the payout where the bank took a fee. With null the line is matched with invoices again, and Payymo does not take it for this payout any more.
   *  Needs the permission `payouts:write`. */
  update(id: string, body: t.ChangePayoutRequest, options?: CallOptions): Call<t.Payout> {
    return this.#core.call({ method: 'PATCH', path: `/payouts/${segment(id)}`, body, options })
  }

  /** List what a payout is made of.
   *  All items, however many, newest first.
   *  Needs the permission `payouts:read`. */
  listItems(id: string, query: t.ListPayoutItemsQuery = {}, options?: CallOptions): Call<t.PayoutItemList> {
    return this.#core.call({ method: 'GET', path: `/payouts/${segment(id)}/items`, query, options })
  }

  /** Every row of `listItems`, page after page. */
  listAllItems(id: string, query: t.ListPayoutItemsQuery = {}, options?: CallOptions): AsyncGenerator<t.PayoutItem> {
    return eachItem((page: t.ListPayoutItemsQuery) => this.listItems(id, page, options), query)
  }
}

export class ProviderCredentials {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List the credentials of the tenant at its providers.
   *  Masked: what was once kept is never shown whole again.
   *  Needs the permission `bank_connections:read`. */
  list(query: t.ListProviderCredentialsQuery = {}, options?: CallOptions): Call<t.ListProviderCredentialsResponse> {
    return this.#core.call({ method: 'GET', path: '/provider-credentials', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(
    query: t.ListProviderCredentialsQuery = {},
    options?: CallOptions,
  ): AsyncGenerator<t.GocardlessCredentials | t.EnablebankingCredentials | t.StripeCredentials> {
    return eachItem((page: t.ListProviderCredentialsQuery) => this.list(page, options), query)
  }

  /** Keep the tenant's own credentials at Enable Banking.
   *  They come before the platform's from the next call on, and replace those there were: what is not named is gone. Consents and connections made with other credentials belong to those, and are made anew.
   *  Needs the permission `bank_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  replaceEnablebanking(
    body: t.PutEnablebankingCredentialsRequest,
    options?: CallOptions,
  ): Call<t.EnablebankingCredentials> {
    return this.#core.call({ method: 'PUT', path: '/provider-credentials/enablebanking', body, options })
  }

  /** Forget the tenant's own credentials at Enable Banking.
   *  From the next call on the platform's are used, where it has some. Where none are kept, nothing changes.
   *  Needs the permission `bank_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  deleteEnablebanking(options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: '/provider-credentials/enablebanking', options })
  }

  /** Keep the tenant's own credentials at GoCardless.
   *  They come before the platform's from the next call on, and replace those there were: what is not named is gone. Consents and connections made with other credentials belong to those, and are made anew.
   *  Needs the permission `bank_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  replaceGocardless(
    body: t.PutGocardlessCredentialsRequest = {},
    options?: CallOptions,
  ): Call<t.GocardlessCredentials> {
    return this.#core.call({ method: 'PUT', path: '/provider-credentials/gocardless', body, options })
  }

  /** Forget the tenant's own credentials at GoCardless.
   *  From the next call on the platform's are used, where it has some. Where none are kept, nothing changes.
   *  Needs the permission `bank_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  deleteGocardless(options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: '/provider-credentials/gocardless', options })
  }

  /** Keep the tenant's own credentials at Stripe.
   *  They come before the platform's from the next call on, and replace those there were: what is not named is gone. Consents and connections made with other credentials belong to those, and are made anew.
   *  Needs the permission `bank_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  replaceStripe(body: t.PutStripeCredentialsRequest, options?: CallOptions): Call<t.StripeCredentials> {
    return this.#core.call({ method: 'PUT', path: '/provider-credentials/stripe', body, options })
  }

  /** Forget the tenant's own credentials at Stripe.
   *  From the next call on the platform's are used, where it has some. Where none are kept, nothing changes.
   *  Needs the permission `bank_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  deleteStripe(options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: '/provider-credentials/stripe', options })
  }
}

export class Reports {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** Money in and what became of it, by day.
   *  One row for each day and currency with money in, newest first: what was applied automatically and by hand, what is still under way, open, or no payment of an invoice. `money_in` is the sum of the rest. Announced money, and money that did not stay, is left out. Beside the rows stands how matching does. With `Accept: text/csv` all rows come as one file.
   *  Needs the permission `reports:read`. */
  listReconciliation(query: t.ReportReconciliationQuery = {}, options?: CallOptions): Call<t.ReconciliationDayList> {
    return this.#core.call({ method: 'GET', path: '/reports/reconciliation', query, options })
  }

  /** Every row of `listReconciliation`, page after page. */
  listAllReconciliation(
    query: t.ReportReconciliationQuery = {},
    options?: CallOptions,
  ): AsyncGenerator<t.ReconciliationDay> {
    return eachItem((page: t.ReportReconciliationQuery) => this.listReconciliation(page, options), query)
  }

  /** The rows of `listReconciliation` as CSV. */
  exportReconciliationCsv(query: t.ReportReconciliationQuery = {}, options?: CallOptions): Call<string> {
    return this.#core.call({ method: 'GET', path: '/reports/reconciliation', query, options, accept: 'text/csv' })
  }

  /** What Payymo would have applied in mode shadow, and what people decided.
   *  One row for each transaction that mode `auto` would have applied while the mode was `shadow`, newest first, held against what people decided since: in Payymo, or by booking it in the billing system. At most the newest 10,000. With `Accept: text/csv` all rows come as one file.
   *  Needs the permission `reports:read`. */
  listShadow(query: t.ReportShadowQuery = {}, options?: CallOptions): Call<t.ShadowDecisionList> {
    return this.#core.call({ method: 'GET', path: '/reports/shadow', query, options })
  }

  /** Every row of `listShadow`, page after page. */
  listAllShadow(query: t.ReportShadowQuery = {}, options?: CallOptions): AsyncGenerator<t.ShadowDecision> {
    return eachItem((page: t.ReportShadowQuery) => this.listShadow(page, options), query)
  }

  /** The rows of `listShadow` as CSV. */
  exportShadowCsv(query: t.ReportShadowQuery = {}, options?: CallOptions): Call<string> {
    return this.#core.call({ method: 'GET', path: '/reports/shadow', query, options, accept: 'text/csv' })
  }
}

export class StripeConnections {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** Connect a Stripe account by a restricted key.
   *  Every permission is tried. Without Balance transactions, Charges, Payouts, Refunds or Disputes it is refused, and `details` name what lacks; others that lack are kept as `missing_permissions`. Have Stripe send events to `webhook_url` and give the signing secret of that endpoint.
   *  Needs the permission `stripe_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  create(body: t.CreateStripeConnectionRequest, options?: CallOptions): Call<t.StripeConnection> {
    return this.#core.call({ method: 'POST', path: '/stripe-connections', body, options })
  }

  /** List Stripe connections.
   *  Needs the permission `stripe_connections:read`. */
  list(query: t.ListStripeConnectionsQuery = {}, options?: CallOptions): Call<t.StripeConnectionList> {
    return this.#core.call({ method: 'GET', path: '/stripe-connections', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListStripeConnectionsQuery = {}, options?: CallOptions): AsyncGenerator<t.StripeConnection> {
    return eachItem((page: t.ListStripeConnectionsQuery) => this.list(page, options), query)
  }

  /** Hand over what Stripe sent the merchant back with.
   *  Post `code` and `state`, or `error` and `state` when the merchant declined. Once: a state that was used answers 409 with what came of it. Show `account_name` and `country` and ask whether that is the account: Stripe offers to make a second, empty one where the real one belongs to another platform. `DELETE` undoes it. An account that was connected before keeps its id, which then differs from the one of `initialize`.
   *  Needs the permission `stripe_connections:write`. */
  callback(body: t.FinishStripeConnectionRequest, options?: CallOptions): Call<t.StripeCallback> {
    return this.#core.call({ method: 'POST', path: '/stripe-connections/callback', body, options })
  }

  /** Begin to connect a Stripe account.
   *  Send the merchant to `authorization_url`, within ten minutes. What comes back to `redirect_url` is said at that field. Keep `state` (a parameter of `authorization_url`) with the session of the person you send, and take back no other.
   *  Needs the permission `stripe_connections:write`. */
  initialize(body: t.InitializeStripeConnectionRequest, options?: CallOptions): Call<t.StartedStripeConnection> {
    return this.#core.call({ method: 'POST', path: '/stripe-connections/initialize', body, options })
  }

  /** Read a Stripe connection.
   *  Needs the permission `stripe_connections:read`. */
  get(id: string, options?: CallOptions): Call<t.StripeConnection> {
    return this.#core.call({ method: 'GET', path: `/stripe-connections/${segment(id)}`, options })
  }

  /** Give a Stripe connection another key, webhook secret or name.
   *  For `restricted_key` only. The key is tried as when connecting, and must be of the same account.
   *  Needs the permission `stripe_connections:write`.
   *  People must have typed their password within the last ten minutes. */
  update(id: string, body: t.ChangeStripeConnectionRequest = {}, options?: CallOptions): Call<t.StripeConnection> {
    return this.#core.call({ method: 'PATCH', path: `/stripe-connections/${segment(id)}`, body, options })
  }

  /** Disconnect a Stripe account.
   *  Our access is ended at Stripe too (a restricted key: forgotten here, and yours to delete there). What was read stays, and it shows as `disconnected`.
   *  Needs the permission `stripe_connections:write`. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/stripe-connections/${segment(id)}`, options })
  }

  /** Read a Stripe account now.
   *  Its ledger, charges, payouts and events. `last_sync_at` tells when it was read to the end; otherwise that happens every hour, and every six hours where Stripe sends events or nothing moves.
   *  Needs the permission `stripe_connections:write`. */
  sync(id: string, options?: CallOptions): Call<t.StripeConnection> {
    return this.#core.call({ method: 'POST', path: `/stripe-connections/${segment(id)}/sync`, options })
  }
}

export class Tenants {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List tenants.
   *  The operator sees all tenants, a partner itself and its own, everyone else themselves.
   *  Needs the permission `tenants:read`. */
  list(query: t.ListTenantsQuery = {}, options?: CallOptions): Call<t.TenantList> {
    return this.#core.call({ method: 'GET', path: '/tenants', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListTenantsQuery = {}, options?: CallOptions): AsyncGenerator<t.Tenant> {
    return eachItem((page: t.ListTenantsQuery) => this.list(page, options), query)
  }

  /** Create a tenant.
   *  For the operator and for partners. What a partner creates is a customer of its own, and premium only if the partner is. The first key of the tenant comes from POST /tenants/{id}/api-keys.
   *  Needs the permission `tenants:write`. */
  create(body: t.CreateTenantRequest, options?: CallOptions): Call<t.Tenant> {
    return this.#core.call({ method: 'POST', path: '/tenants', body, options })
  }

  /** Read a tenant.
   *  Needs the permission `tenants:read`. */
  get(id: string, options?: CallOptions): Call<t.Tenant> {
    return this.#core.call({ method: 'GET', path: `/tenants/${segment(id)}`, options })
  }

  /** Change a tenant.
   *  Settings and branding are merged (RFC 7396): what is not named stays, null restores the default, in branding that of the partner. A tenant changes its name, settings and branding; its partner also tier and status; the operator also kind and partner. Slug and environment never change. The keys of a suspended tenant answer 401 within five seconds, and nothing is read, matched, sent or paid for it until it is active again; payments already on their way are still looked up.
   *  Needs the permission `tenants:write`. */
  update(id: string, body: t.ChangeTenantRequest = {}, options?: CallOptions): Call<t.Tenant> {
    return this.#core.call({ method: 'PATCH', path: `/tenants/${segment(id)}`, body, options })
  }

  /** Delete a tenant.
   *  For the operator and the partner. Keys end at once and work stops; the operator and the partner still read the tenant, as `deleted`. Consents at providers are given back. After 30 days its data is written to an export file of the operator and removed; the audit trail stays. A partner goes after its tenants.
   *  Needs the permission `tenants:write`.
   *  People must have typed their password within the last ten minutes. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/tenants/${segment(id)}`, options })
  }

  /** List the API keys of a tenant.
   *  Needs the permission `tenants:read`. */
  listApiKeys(id: string, query: t.ListTenantApiKeysQuery = {}, options?: CallOptions): Call<t.ApiKeyList> {
    return this.#core.call({ method: 'GET', path: `/tenants/${segment(id)}/api-keys`, query, options })
  }

  /** Every row of `listApiKeys`, page after page. */
  listAllApiKeys(id: string, query: t.ListTenantApiKeysQuery = {}, options?: CallOptions): AsyncGenerator<t.ApiKey> {
    return eachItem((page: t.ListTenantApiKeysQuery) => this.listApiKeys(id, page, options), query)
  }

  /** Create an API key of a tenant.
   *  How a new tenant gets its first key.
   *  Needs the permission `tenants:write`.
   *  People must have typed their password within the last ten minutes.
   *  `key` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  createApiKey(id: string, body: t.CreateTenantApiKeyRequest, options?: CallOptions): Call<t.CreatedApiKey> {
    return this.#core.call({ method: 'POST', path: `/tenants/${segment(id)}/api-keys`, body, options })
  }

  /** Read an API key of a tenant.
   *  Needs the permission `tenants:read`. */
  getApiKey(id: string, key: string, options?: CallOptions): Call<t.ApiKey> {
    return this.#core.call({ method: 'GET', path: `/tenants/${segment(id)}/api-keys/${segment(key)}`, options })
  }

  /** Read how a tenant does.
   *  Figures of its connections, of what waits for its people, and of its calls; nothing of what its rows say. In lists: `expand=health`.
   *  Needs the permission `tenants:read`. */
  getHealth(id: string, options?: CallOptions): Call<t.TenantHealth> {
    return this.#core.call({ method: 'GET', path: `/tenants/${segment(id)}/health`, options })
  }
}

export class Transactions {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List transactions.
   *  Money in and out, from banks, files, Stripe and the API, newest first. With `Accept: text/csv` all transactions that match the filters come as one file; then `page`, `per_page` and `cursor` do not matter.
   *  Needs the permission `transactions:read`. */
  list(query: t.ListTransactionsQuery = {}, options?: CallOptions): Call<t.TransactionList> {
    return this.#core.call({ method: 'GET', path: '/transactions', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListTransactionsQuery = {}, options?: CallOptions): AsyncGenerator<t.Transaction> {
    return eachItem((page: t.ListTransactionsQuery) => this.list(page, options), query)
  }

  /** The rows of `list` as CSV. */
  exportCsv(query: t.ListTransactionsQuery = {}, options?: CallOptions): Call<string> {
    return this.#core.call({ method: 'GET', path: '/transactions', query, options, accept: 'text/csv' })
  }

  /** Record a transaction.
   *  For money that another system knows of. Within an account a `transaction_id` counts once: the same again is 409.
   *  Needs the permission `transactions:write`. */
  create(body: t.CreateTransactionRequest, options?: CallOptions): Call<t.Transaction> {
    return this.#core.call({ method: 'POST', path: '/transactions', body, options })
  }

  /** Record up to 1000 transactions.
   *  Each line is judged for itself: `created`, `duplicate` (with the id it has) or `invalid` (with the reason).
   *  Needs the permission `transactions:write`. */
  createBatch(body: t.CreateTransactionBatchRequest, options?: CallOptions): Call<t.TransactionBatchResult> {
    return this.#core.call({ method: 'POST', path: '/transactions/batch', body, options })
  }

  /** Read a transaction.
   *  Needs the permission `transactions:read`. */
  get(id: string, query: t.GetTransactionQuery = {}, options?: CallOptions): Call<t.Transaction> {
    return this.#core.call({ method: 'GET', path: `/transactions/${segment(id)}`, query, options })
  }

  /** Set a transaction aside, take it back, or note something on it.
   *  Needs the permission `transactions:write`. */
  update(id: string, body: t.ChangeTransactionRequest = {}, options?: CallOptions): Call<t.Transaction> {
    return this.#core.call({ method: 'PATCH', path: `/transactions/${segment(id)}`, body, options })
  }

  /** The invoices a transaction might pay.
   *  Best first, with the evidence for each, why others were ruled out, and every doubt for which a person has to look.
   *  Needs the permission `matches:read`. */
  getCandidates(id: string, options?: CallOptions): Call<t.MatchCandidates> {
    return this.#core.call({ method: 'GET', path: `/transactions/${segment(id)}/candidates`, options })
  }

  /** What happened to a transaction.
   *  Everything, newest first: recorded, proposed and why, decided and by whom, booked and under which id, taken back, noted on, and what people were told to look at. `sort=at` tells it from the beginning.
   *  Needs the permission `transactions:read`. */
  listHistory(
    id: string,
    query: t.ListTransactionHistoryQuery = {},
    options?: CallOptions,
  ): Call<t.TransactionHistoryEntryList> {
    return this.#core.call({ method: 'GET', path: `/transactions/${segment(id)}/history`, query, options })
  }

  /** Every row of `listHistory`, page after page. */
  listAllHistory(
    id: string,
    query: t.ListTransactionHistoryQuery = {},
    options?: CallOptions,
  ): AsyncGenerator<t.TransactionHistoryEntry> {
    return eachItem((page: t.ListTransactionHistoryQuery) => this.listHistory(id, page, options), query)
  }
}

export class Users {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List the users of the tenant.
   *  Needs the permission `users:read`. */
  list(query: t.ListUsersQuery = {}, options?: CallOptions): Call<t.UserList> {
    return this.#core.call({ method: 'GET', path: '/users', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListUsersQuery = {}, options?: CallOptions): AsyncGenerator<t.User> {
    return eachItem((page: t.ListUsersQuery) => this.list(page, options), query)
  }

  /** Invite a user by mail.
   *  Sends a link that works once, within seven days. An address that is a user of the tenant already, also an invited one, answers 409; PATCH with status "invited" sends an open invitation again. Nobody gives a role that holds more than he does.
   *  Needs the permission `users:write`.
   *  People must have typed their password within the last ten minutes. */
  create(body: t.InviteUserRequest, options?: CallOptions): Call<t.User> {
    return this.#core.call({ method: 'POST', path: '/users', body, options })
  }

  /** Read a user.
   *  Needs the permission `users:read`. */
  get(id: string, options?: CallOptions): Call<t.User> {
    return this.#core.call({ method: 'GET', path: `/users/${segment(id)}`, options })
  }

  /** Change name, role or status of a user.
   *  Status "disabled" shuts the user out at once, "active" lets in again who had accepted, "invited" sends an open invitation again and voids the former link. The last active owner stays one (409).
   *  Needs the permission `users:write`.
   *  People must have typed their password within the last ten minutes. */
  update(id: string, body: t.ChangeUserRequest = {}, options?: CallOptions): Call<t.User> {
    return this.#core.call({ method: 'PATCH', path: `/users/${segment(id)}`, body, options })
  }

  /** Remove a user from the tenant.
   *  The user is shut out at once. The last active owner stays (409).
   *  Needs the permission `users:write`.
   *  People must have typed their password within the last ten minutes. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/users/${segment(id)}`, options })
  }
}

export class Webhooks {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List webhooks.
   *  Needs the permission `webhooks:read`. */
  list(query: t.ListWebhooksQuery = {}, options?: CallOptions): Call<t.WebhookList> {
    return this.#core.call({ method: 'GET', path: '/webhooks', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListWebhooksQuery = {}, options?: CallOptions): AsyncGenerator<t.Webhook> {
    return eachItem((page: t.ListWebhooksQuery) => this.list(page, options), query)
  }

  /** Subscribe an address to events.
   *  The answer holds the secret that signs each delivery; it is not shown again. The address must be public and begin with https://.
   *  Needs the permission `webhooks:write`.
   *  People must have typed their password within the last ten minutes.
   *  `secret` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  create(body: t.CreateWebhookRequest, options?: CallOptions): Call<t.WebhookWithSecret> {
    return this.#core.call({ method: 'POST', path: '/webhooks', body, options })
  }

  /** Read a webhook.
   *  Needs the permission `webhooks:read`. */
  get(id: string, options?: CallOptions): Call<t.Webhook> {
    return this.#core.call({ method: 'GET', path: `/webhooks/${segment(id)}`, options })
  }

  /** Change a webhook, or switch it off and on.
   *  Switching off stops the deliveries that wait; they can be sent again when it is on.
   *  Needs the permission `webhooks:write`. */
  update(id: string, body: t.ChangeWebhookRequest = {}, options?: CallOptions): Call<t.Webhook> {
    return this.#core.call({ method: 'PATCH', path: `/webhooks/${segment(id)}`, body, options })
  }

  /** Delete a webhook.
   *  Needs the permission `webhooks:write`. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/webhooks/${segment(id)}`, options })
  }

  /** List the deliveries of a webhook.
   *  Kept for 30 days after they are settled.
   *  Needs the permission `webhooks:read`. */
  listDeliveries(id: string, query: t.ListDeliveriesQuery = {}, options?: CallOptions): Call<t.DeliveryList> {
    return this.#core.call({ method: 'GET', path: `/webhooks/${segment(id)}/deliveries`, query, options })
  }

  /** Every row of `listDeliveries`, page after page. */
  listAllDeliveries(id: string, query: t.ListDeliveriesQuery = {}, options?: CallOptions): AsyncGenerator<t.Delivery> {
    return eachItem((page: t.ListDeliveriesQuery) => this.listDeliveries(id, page, options), query)
  }

  /** Read a delivery.
   *  With what was sent: the body byte for byte, and the headers without the signatures.
   *  Needs the permission `webhooks:read`. */
  getDelivery(id: string, dlv: string, options?: CallOptions): Call<t.DeliveryWithRequest> {
    return this.#core.call({ method: 'GET', path: `/webhooks/${segment(id)}/deliveries/${segment(dlv)}`, options })
  }

  /** Send a delivery again.
   *  The same event with the same bytes, now. A settled delivery gets all its tries again; one that waits skips the wait.
   *  Needs the permission `webhooks:write`. */
  redeliver(id: string, dlv: string, options?: CallOptions): Call<t.Delivery> {
    return this.#core.call({
      method: 'POST',
      path: `/webhooks/${segment(id)}/deliveries/${segment(dlv)}/redeliver`,
      options,
    })
  }

  /** Send the events of a time range again.
   *  One new delivery for each event that the webhook subscribes to, with the same event id. `only_failed`: those whose latest delivery here failed. `dry_run`: only count.
   *  Needs the permission `webhooks:write`. */
  replay(id: string, body: t.ReplayEventsRequest, options?: CallOptions): Call<t.Replay> {
    return this.#core.call({ method: 'POST', path: `/webhooks/${segment(id)}/replay`, body, options })
  }

  /** Give a webhook a new secret.
   *  For 24 hours each delivery carries two signatures, the new one first. The secret is not shown again.
   *  Needs the permission `webhooks:write`.
   *  People must have typed their password within the last ten minutes.
   *  `secret` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  rotateSecret(id: string, options?: CallOptions): Call<t.WebhookWithSecret> {
    return this.#core.call({ method: 'POST', path: `/webhooks/${segment(id)}/rotate-secret`, options })
  }

  /** Send a test event.
   *  Sends `webhook.test` to this webhook, whatever it subscribes to. Read the delivery to see the answer.
   *  Needs the permission `webhooks:write`. */
  test(id: string, options?: CallOptions): Call<t.Delivery> {
    return this.#core.call({ method: 'POST', path: `/webhooks/${segment(id)}/test`, options })
  }
}

export class WhmcsInstances {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** List WHMCS installations.
   *  Needs the permission `whmcs_instances:read`. */
  list(query: t.ListWhmcsInstancesQuery = {}, options?: CallOptions): Call<t.WhmcsInstanceList> {
    return this.#core.call({ method: 'GET', path: '/whmcs-instances', query, options })
  }

  /** Every row of `list`, page after page. */
  listAll(query: t.ListWhmcsInstancesQuery = {}, options?: CallOptions): AsyncGenerator<t.WhmcsInstance> {
    return eachItem((page: t.ListWhmcsInstancesQuery) => this.list(page, options), query)
  }

  /** Connect a WHMCS installation.
   *  Mode `api` (chosen when `api_identifier` is given) reads and pays over the WHMCS API; mode `module`, the default, waits for the addon module, which `pairing_code` is pasted into within the hour. `webhook_secret` and `pairing_code` are in this answer only. Invoices are read at once; payments need a proof first (`/verify`).
   *  Needs the permission `whmcs_instances:write`.
   *  People must have typed their password within the last ten minutes.
   *  `webhook_secret`, `pairing_code` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  create(body: t.CreateWhmcsInstanceRequest, options?: CallOptions): Call<t.CreatedWhmcsInstance> {
    return this.#core.call({ method: 'POST', path: '/whmcs-instances', body, options })
  }

  /** Read a WHMCS installation.
   *  `proofs` says what to put where before `/verify`; `module` what the addon module told.
   *  Needs the permission `whmcs_instances:read`. */
  get(id: string, options?: CallOptions): Call<t.WhmcsInstanceDetails> {
    return this.#core.call({ method: 'GET', path: `/whmcs-instances/${segment(id)}`, options })
  }

  /** Change how a WHMCS installation is reached.
   *  Another address must be verified again.
   *  Needs the permission `whmcs_instances:write`.
   *  People must have typed their password within the last ten minutes. */
  update(id: string, body: t.ChangeWhmcsInstanceRequest = {}, options?: CallOptions): Call<t.WhmcsInstance> {
    return this.#core.call({ method: 'PATCH', path: `/whmcs-instances/${segment(id)}`, body, options })
  }

  /** Disconnect a WHMCS installation.
   *  Its secrets are forgotten, its invoices stay readable, and it shows as `disconnected`.
   *  Needs the permission `whmcs_instances:write`. */
  delete(id: string, options?: CallOptions): Call<void> {
    return this.#core.call({ method: 'DELETE', path: `/whmcs-instances/${segment(id)}`, options })
  }

  /** Make a code to pair the module with.
   *  The code is pasted into the page of the module in WHMCS within the hour and works once. Codes made before are void; a module that is paired already goes on.
   *  Needs the permission `whmcs_instances:write`.
   *  People must have typed their password within the last ten minutes.
   *  `pairing_code` is shown in this answer only; a replay by Idempotency-Key leaves it out. */
  pairingCode(id: string, options?: CallOptions): Call<t.WhmcsPairingCode> {
    return this.#core.call({ method: 'POST', path: `/whmcs-instances/${segment(id)}/pairing-code`, options })
  }

  /** Read the invoices now.
   *  In mode `module` the module is asked for all of them at its next call.
   *  Needs the permission `whmcs_instances:write`. */
  sync(id: string, options?: CallOptions): Call<t.WhmcsInstance> {
    return this.#core.call({ method: 'POST', path: `/whmcs-instances/${segment(id)}/sync`, options })
  }

  /** Test the connection step by step.
   *  Changes nothing in WHMCS. The first step that fails says what to do; what only taking back needs is named and does not spoil `ok`. In mode `module` nobody is called: the steps say whether the module calls.
   *  Needs the permission `whmcs_instances:write`. */
  test(id: string, options?: CallOptions): Call<t.WhmcsConnectionTest> {
    return this.#core.call({ method: 'POST', path: `/whmcs-instances/${segment(id)}/test`, options })
  }

  /** Prove control of a WHMCS installation.
   *  Looks for the proof of `method`, or for all three in turn. 422 says what each of them found.
   *  Needs the permission `whmcs_instances:write`. */
  verify(id: string, body: t.VerifyWhmcsInstanceRequest = {}, options?: CallOptions): Call<t.WhmcsInstance> {
    return this.#core.call({ method: 'POST', path: `/whmcs-instances/${segment(id)}/verify`, body, options })
  }
}

export class WhmcsModule {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** Get the WHMCS module.
   *  The addon as a ZIP file, in base64 within JSON: `jq -r .zip | base64 -d` unwraps it. It holds the module and nothing of this tenant; it is paired afterwards (POST /whmcs-instances/{id}/pairing-code).
   *  Needs the permission `whmcs_instances:read`. */
  get(options?: CallOptions): Call<t.WhmcsModuleArchive> {
    return this.#core.call({ method: 'GET', path: '/whmcs-module', options })
  }
}

/** Everything the API offers, by the first word of its address. */
export class Resources {
  readonly alerts: Alerts
  readonly apiKeys: ApiKeys
  readonly auditEvents: AuditEvents
  readonly bankAccounts: BankAccounts
  readonly bankConnections: BankConnections
  readonly clients: Clients
  readonly eventTypes: EventTypes
  readonly events: Events
  readonly imports: Imports
  readonly institutions: Institutions
  readonly invoiceMatches: InvoiceMatches
  readonly invoices: Invoices
  readonly oauthApplications: OauthApplications
  readonly payments: Payments
  readonly payouts: Payouts
  readonly providerCredentials: ProviderCredentials
  readonly reports: Reports
  readonly stripeConnections: StripeConnections
  readonly tenants: Tenants
  readonly transactions: Transactions
  readonly users: Users
  readonly webhooks: Webhooks
  readonly whmcsInstances: WhmcsInstances
  readonly whmcsModule: WhmcsModule

  constructor(core: Core) {
    this.alerts = new Alerts(core)
    this.apiKeys = new ApiKeys(core)
    this.auditEvents = new AuditEvents(core)
    this.bankAccounts = new BankAccounts(core)
    this.bankConnections = new BankConnections(core)
    this.clients = new Clients(core)
    this.eventTypes = new EventTypes(core)
    this.events = new Events(core)
    this.imports = new Imports(core)
    this.institutions = new Institutions(core)
    this.invoiceMatches = new InvoiceMatches(core)
    this.invoices = new Invoices(core)
    this.oauthApplications = new OauthApplications(core)
    this.payments = new Payments(core)
    this.payouts = new Payouts(core)
    this.providerCredentials = new ProviderCredentials(core)
    this.reports = new Reports(core)
    this.stripeConnections = new StripeConnections(core)
    this.tenants = new Tenants(core)
    this.transactions = new Transactions(core)
    this.users = new Users(core)
    this.webhooks = new Webhooks(core)
    this.whmcsInstances = new WhmcsInstances(core)
    this.whmcsModule = new WhmcsModule(core)
  }
}
