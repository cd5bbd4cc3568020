import type { Words } from '../en/index.ts'

export const signIn: Words['signIn'] = {
  title: 'Anmelden',
  email: 'E-Mail',
  password: 'Passwort',
  code: 'Code aus Ihrer App',
  codeText: 'Öffnen Sie die App, die Ihre Codes erzeugt, und geben Sie den für Payymo ein.',
  submit: 'Anmelden',
  forgot: 'Passwort vergessen?',
  wrong: 'E-Mail oder Passwort stimmt nicht.',
  wrongCode: 'Dieser Code gilt nicht mehr. Geben Sie den neuesten ein.',
  slow: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
  expired:
    'Sie wurden nach einer Weile ohne Benutzung abgemeldet. Melden Sie sich an, dann geht es weiter, wo Sie waren.',
  noTenant: 'Ihr Konto gehört derzeit zu keiner Firma. Fragen Sie, wer Sie eingeladen hat.',
}
