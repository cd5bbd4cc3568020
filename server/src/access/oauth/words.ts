import { PERMISSIONS } from '../../http/route.ts'
import type { Language } from '../pages/language.ts'

/** What an application may do, as people would say it. */
export function permissionWords(permission: string, language: Language): string {
  if (permission === '*') return language === 'de' ? 'Alles tun, was Sie dürfen' : 'Do everything that you may do'
  const [resource = '', right] = permission.split(':')
  const { en, de } = THINGS[resource] ?? { en: resource, de: resource }
  if (language === 'de') return right === 'read' ? `${de} ansehen` : `${de} ändern`
  return right === 'read' ? `See ${en}` : `Change ${en}`
}

const THINGS: Record<string, { en: string; de: string }> = {
  bank_connections: { en: 'bank connections, accounts and statements', de: 'Bankverbindungen, Konten und Auszüge' },
  transactions: { en: 'transactions', de: 'Zahlungen auf Konten' },
  stripe_connections: { en: 'Stripe connections', de: 'Stripe-Verbindungen' },
  payouts: { en: 'payouts', de: 'Auszahlungen' },
  whmcs_instances: { en: 'WHMCS installations', de: 'WHMCS-Installationen' },
  invoices: { en: 'invoices and clients', de: 'Rechnungen und Kunden' },
  matches: { en: 'matches of payments and invoices', de: 'Zuordnungen von Zahlungen und Rechnungen' },
  payments: { en: 'payments booked into WHMCS', de: 'In WHMCS gebuchte Zahlungen' },
  tenants: { en: 'company settings', de: 'Einstellungen der Firma' },
  users: { en: 'people and their roles', de: 'Personen und ihre Rollen' },
  webhooks: { en: 'webhooks and events', de: 'Webhooks und Ereignisse' },
  api_keys: { en: 'API keys and applications', de: 'API-Schlüssel und Anwendungen' },
  audit: { en: 'the audit trail', de: 'Das Protokoll aller Änderungen' },
  reports: { en: 'reports and alerts', de: 'Berichte und Warnungen' },
}

/** In the order of the contract, so that the same request always reads the same. */
export const inOrder = (permissions: readonly string[]): string[] =>
  ['*', ...PERMISSIONS].filter((permission) => permissions.includes(permission))

const EN = {
  signIn: 'Sign in',
  toGoOn: (application: string) => `to let <bdi>${application}</bdi> work with your data`,
  email: 'E-mail address',
  password: 'Password',
  code: 'Code of your app, or a recovery code',
  confirm: 'Enter your password again',
  confirmWhy: 'Letting an application in needs a sign-in within the last ten minutes.',
  goOn: 'Continue',
  asks: (application: string) => `<bdi>${application}</bdi> asks for access`,
  registeredBy: (tenant: string) => `Registered by <bdi>${tenant}</bdi>.`,
  may: 'If you allow this, it can, in your name:',
  forTenant: 'For',
  which: 'For which company?',
  neverMore: 'It can never do more than your own role allows, and you are named in the audit trail.',
  whereTo: (host: string) => `Afterwards you go to <bdi>${host}</bdi>.`,
  allow: 'Allow',
  deny: 'Do not allow',
  signedInAs: (email: string) => `Signed in as <bdi>${email}</bdi>.`,
  other: 'Use another account',
  nothing: 'Nothing to allow',
  nothingWhy: (application: string) =>
    `You belong to no company in which you could give <bdi>${application}</bdi> what it asks for.`,
  back: 'Go back to the application',
  cannot: 'This request cannot be answered',
  untrusted:
    'The application is not known here, is switched off, or names an address that it did not register. Nothing was sent anywhere. Tell whoever runs the application.',
  forged: 'This request did not come from this page. Go back to the application and begin again.',
}

const DE: typeof EN = {
  signIn: 'Anmelden',
  toGoOn: (application) => `damit <bdi>${application}</bdi> mit Ihren Daten arbeiten kann`,
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  code: 'Code Ihrer App oder ein Wiederherstellungscode',
  confirm: 'Passwort noch einmal eingeben',
  confirmWhy: 'Um eine Anwendung zuzulassen, darf die Anmeldung höchstens zehn Minuten her sein.',
  goOn: 'Weiter',
  asks: (application) => `<bdi>${application}</bdi> bittet um Zugriff`,
  registeredBy: (tenant) => `Eingetragen von <bdi>${tenant}</bdi>.`,
  may: 'Wenn Sie das zulassen, darf sie in Ihrem Namen:',
  forTenant: 'Für',
  which: 'Für welche Firma?',
  neverMore: 'Sie darf nie mehr als Ihre eigene Rolle, und im Protokoll stehen Sie.',
  whereTo: (host) => `Danach geht es weiter zu <bdi>${host}</bdi>.`,
  allow: 'Zulassen',
  deny: 'Nicht zulassen',
  signedInAs: (email) => `Angemeldet als <bdi>${email}</bdi>.`,
  other: 'Anderes Konto verwenden',
  nothing: 'Nichts zuzulassen',
  nothingWhy: (application) =>
    `Sie gehören zu keiner Firma, in der Sie <bdi>${application}</bdi> das Gewünschte erlauben könnten.`,
  back: 'Zurück zur Anwendung',
  cannot: 'Diese Anfrage lässt sich nicht beantworten',
  untrusted:
    'Die Anwendung ist hier nicht bekannt, ist abgeschaltet oder nennt eine Adresse, die sie nicht eingetragen hat. Nichts wurde irgendwohin geschickt. Sagen Sie es den Betreibern der Anwendung.',
  forged: 'Diese Anfrage kam nicht von dieser Seite. Gehen Sie zurück zur Anwendung und beginnen Sie von vorn.',
}

export const wordsOf = (language: Language): typeof EN => (language === 'de' ? DE : EN)
