import type { Switches } from '../switches.ts'
import type { Action } from './action.ts'
import { getClients, getClientsDetails, getContacts } from './clients.ts'
import { addCredit, applyCredit, getCredits } from './credit.ts'
import { createInvoice, updateInvoice } from './invoice-edits.ts'
import { getInvoice, getInvoices } from './invoices.ts'
import { addInvoicePayment } from './payments.ts'
import { getAdminDetails, getConfigurationValue, getCurrencies, getPaymentMethods, whmcsDetails } from './system.ts'
import { addTransaction, getTransactions, updateTransaction } from './transactions.ts'

const ACTIONS: Record<string, Action> = {
  addcredit: addCredit,
  addinvoicepayment: addInvoicePayment,
  addtransaction: addTransaction,
  applycredit: applyCredit,
  createinvoice: createInvoice,
  getadmindetails: getAdminDetails,
  getclients: getClients,
  getclientsdetails: getClientsDetails,
  getconfigurationvalue: getConfigurationValue,
  getcontacts: getContacts,
  getcredits: getCredits,
  getcurrencies: getCurrencies,
  getinvoice: getInvoice,
  getinvoices: getInvoices,
  getpaymentmethods: getPaymentMethods,
  gettransactions: getTransactions,
  updateinvoice: updateInvoice,
  updatetransaction: updateTransaction,
  whmcsdetails: whmcsDetails,
}

/** The action by its lower-case name, or undefined when this version of WHMCS has none of that name. */
export function actionOf(name: string, switches: Switches): Action | undefined {
  if (name === 'whmcsdetails' && switches.version === '7.10') return undefined
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
}

const COMMON = new Set(['action', 'responsetype', 'identifier', 'secret', 'username', 'password', 'accesskey'])

/** The names WHMCS would not read: it ignores them without a word. */
export function unknownParameters(action: Action, names: string[]): string[] {
  const known = new Set(action.parameters)
  return names.filter(
    (name) => !COMMON.has(name) && !known.has(name) && !known.has(`${name}[]`) && !known.has(name.replace(/\d+$/, 'N')),
  )
}
