import { list, type Answer } from '../answer.ts'
import { nowIn, settingsOf, type Install } from '../install.ts'
import { ensure } from '../refusal.ts'
import { versionText } from '../switches.ts'
import type { Action } from './action.ts'

/** GetCurrencies: all strings, the count included (reference 2.12). */
export const getCurrencies: Action = {
  parameters: [],
  run: (install) => {
    const rows = install.books.table('currencies').all()
    const shown = rows.map((row) => ({
      id: String(row.id),
      code: row.code,
      prefix: row.prefix,
      suffix: row.suffix,
      format: String(row.format),
      rate: row.rate,
    }))
    return { totalresults: String(rows.length), ...list(settingsOf(install).switches, 'currencies', 'currency', shown) }
  },
}

export const getPaymentMethods: Action = {
  parameters: [],
  run: (install) => {
    const rows = install.books.table('gateways').all()
    const shown = rows.map((row) => ({ module: row.module, displayname: row.displayname }))
    return {
      totalresults: rows.length,
      ...list(settingsOf(install).switches, 'paymentmethods', 'paymentmethod', shown),
    }
  },
}

const whmcs = (install: Install): Answer => {
  const version = versionText(settingsOf(install).switches.version)
  return { version, canonicalversion: `${version}-release.1` }
}

export const whmcsDetails: Action = { parameters: [], run: (install) => ({ whmcs: whmcs(install) }) }

export const getAdminDetails: Action = {
  parameters: [],
  run: (install) => ({
    adminid: 1,
    name: 'Sandbox Admin',
    notes: '',
    signature: '',
    allowedpermissions: 'List Clients,View Clients Summary,List Invoices,Manage Invoice,List Transactions,API Access',
    departments: '',
    requesttime: nowIn(install),
    whmcs: whmcs(install),
  }),
}

export const getConfigurationValue: Action = {
  parameters: ['setting'],
  run: (install, form) => {
    const setting = form.text('setting')
    ensure(setting !== '', 'Parameter setting is required')
    const { switches, configuration } = settingsOf(install)
    const values: Record<string, string> = {
      SystemURL: install.systemUrl,
      DateFormat: switches.dateFormat,
      TaxType: switches.tax === 'inclusive' ? 'Inclusive' : 'Exclusive',
      Version: `${versionText(switches.version)}-release.1`,
      ...configuration,
    }
    ensure(Object.hasOwn(values, setting), 'Invalid name for parameter setting')
    return { setting, value: values[setting]! }
  },
}
