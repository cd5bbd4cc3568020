import { PASSWORD_MAX, PASSWORD_MIN } from '../people/password-rules.ts'
import type { Language } from './language.ts'

const EN = {
  invited: (tenant: string, product: string) =>
    `You are invited to work for <bdi>${tenant}</bdi> in <bdi>${product}</bdi>`,
  acceptTitle: 'Accept the invitation',
  choose: 'Choose the password you will sign in with.',
  known: 'This address has a password already. Enter that one to accept.',
  yourAddress: (email: string) => `Your address: <strong><bdi>${email}</bdi></strong>`,
  email: 'E-mail address',
  name: 'Your name',
  newPassword: 'New password',
  rules: `${PASSWORD_MIN} characters or more. A few words are good; digits and signs are not required.`,
  password: 'Password',
  code: 'Code of your app, or a recovery code',
  accept: 'Accept',
  forgotten: 'Forgotten your password?',
  forgotTitle: 'A new password',
  forgotWhy: 'Enter the address you sign in with. You get a mail with a link to choose a new password.',
  send: 'Send the link',
  asked: 'Check your mail',
  askedWhy:
    'If this address signs in here, a link is on its way to it. It works once, within an hour. Nothing after some minutes? Look into the spam folder, and check the address.',
  askAgain: 'Ask again',
  resetTitle: 'Choose a new password',
  resetWhy: 'You are then signed out wherever you are signed in. A second factor stays as it is.',
  save: 'Save the password',
  changed: 'Your password is changed',
  changedWhy: 'Every former sign-in has ended. Use the new password from now on.',
  deadTitle: 'This link does not hold',
  deadInvitation:
    'It was used, replaced by a newer one, or is older than seven days. Have you accepted already? Then use your password. If not, ask whoever invited you to send the invitation again.',
  deadReset: 'It was used, or is older than an hour. Ask for another and open the newest mail.',
  welcome: 'You are in',
  signedInAs: (email: string) => `Signed in as <bdi>${email}</bdi>.`,
  worksFor: 'You work for',
  roles: { owner: 'owner', admin: 'admin', reviewer: 'reviewer', viewer: 'viewer' },
  now: 'What you can do now',
  nowApplications:
    'Let applications in: when one asks to work with this company, you decide on a page here, with this password.',
  nowApi: (link: string) => `Use the API: ${link} shows every call, and you can try them there.`,
  apiDocs: 'the documentation',
  goOn: 'Go on',
  signIn: 'Sign in',
  signOut: 'Sign out',
  signedOut: 'You are not signed in',
  signedOutWhy: 'You have signed out, or the sign-in has ended: after half an hour without use.',
  cannot: 'This cannot be answered',
  forged:
    'The request did not come from a page of ours. Open the link of your mail again, and send the form from there.',
  faults: {
    changed: 'This address has got a password just now. Accept with that one.',
    name: 'The name may have 100 characters at most.',
    too_short: `The password must have at least ${PASSWORD_MIN} characters.`,
    too_long: `The password may have ${PASSWORD_MAX} characters at most.`,
    common: 'This is one of the most common passwords. Choose another.',
    repeats: 'A few characters again and again are guessed quickly. Choose another.',
    run: 'Characters in their order are guessed quickly. Choose another.',
    names: 'A password made of your address or of a company is guessed quickly. Choose another.',
    weak: 'This password is too easy to guess. Choose another.',
  },
}

const DE: typeof EN = {
  invited: (tenant, product) => `Sie sind eingeladen, in <bdi>${product}</bdi> für <bdi>${tenant}</bdi> zu arbeiten`,
  acceptTitle: 'Einladung annehmen',
  choose: 'Wählen Sie das Passwort, mit dem Sie sich anmelden werden.',
  known: 'Diese Adresse hat schon ein Passwort. Nehmen Sie mit diesem an.',
  yourAddress: (email) => `Ihre Adresse: <strong><bdi>${email}</bdi></strong>`,
  email: 'E-Mail-Adresse',
  name: 'Ihr Name',
  newPassword: 'Neues Passwort',
  rules: `Mindestens ${PASSWORD_MIN} Zeichen. Ein paar Wörter sind gut; Ziffern und Sonderzeichen müssen nicht sein.`,
  password: 'Passwort',
  code: 'Code Ihrer App oder ein Wiederherstellungscode',
  accept: 'Annehmen',
  forgotten: 'Passwort vergessen?',
  forgotTitle: 'Ein neues Passwort',
  forgotWhy:
    'Geben Sie die Adresse ein, mit der Sie sich anmelden. Sie bekommen eine Mail mit einem Link, um ein neues Passwort zu wählen.',
  send: 'Link schicken',
  asked: 'Sehen Sie in Ihre Mails',
  askedWhy:
    'Wenn sich diese Adresse hier anmeldet, ist ein Link an sie unterwegs. Er gilt einmal, eine Stunde lang. Nach einigen Minuten noch nichts da? Sehen Sie im Spam-Ordner nach und prüfen Sie die Adresse.',
  askAgain: 'Noch einmal anfordern',
  resetTitle: 'Neues Passwort wählen',
  resetWhy: 'Sie werden danach überall abgemeldet. Ein zweiter Faktor bleibt, wie er ist.',
  save: 'Passwort speichern',
  changed: 'Ihr Passwort ist geändert',
  changedWhy: 'Alle früheren Anmeldungen sind beendet. Verwenden Sie ab jetzt das neue Passwort.',
  deadTitle: 'Dieser Link gilt nicht',
  deadInvitation:
    'Er wurde benutzt, durch einen neueren ersetzt oder ist älter als sieben Tage. Haben Sie schon angenommen? Dann verwenden Sie Ihr Passwort. Wenn nicht, bitten Sie darum, die Einladung noch einmal zu schicken.',
  deadReset:
    'Er wurde benutzt oder ist älter als eine Stunde. Fordern Sie einen neuen an und öffnen Sie die neueste Mail.',
  welcome: 'Sie sind angemeldet',
  signedInAs: (email) => `Angemeldet als <bdi>${email}</bdi>.`,
  worksFor: 'Sie arbeiten für',
  roles: { owner: 'Inhaber', admin: 'Verwaltung', reviewer: 'Prüfung', viewer: 'nur ansehen' },
  now: 'Was Sie jetzt tun können',
  nowApplications:
    'Anwendungen zulassen: Wenn eine mit dieser Firma arbeiten möchte, entscheiden Sie auf einer Seite hier, mit diesem Passwort.',
  nowApi: (link) => `Die API verwenden: ${link} zeigt alle Aufrufe, und Sie können sie dort ausprobieren.`,
  apiDocs: 'die Dokumentation',
  goOn: 'Weiter',
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  signedOut: 'Sie sind nicht angemeldet',
  signedOutWhy: 'Sie haben sich abgemeldet, oder die Anmeldung ist zu Ende: nach einer halben Stunde ohne Benutzung.',
  cannot: 'Das lässt sich nicht beantworten',
  forged:
    'Die Anfrage kam nicht von einer Seite von uns. Öffnen Sie den Link Ihrer Mail noch einmal und senden Sie das Formular von dort ab.',
  faults: {
    changed: 'Diese Adresse hat soeben ein Passwort bekommen. Nehmen Sie mit diesem an.',
    name: 'Der Name darf höchstens 100 Zeichen haben.',
    too_short: `Das Passwort muss mindestens ${PASSWORD_MIN} Zeichen haben.`,
    too_long: `Das Passwort darf höchstens ${PASSWORD_MAX} Zeichen haben.`,
    common: 'Das ist eines der häufigsten Passwörter. Wählen Sie ein anderes.',
    repeats: 'Wenige Zeichen immer wieder sind schnell erraten. Wählen Sie ein anderes.',
    run: 'Zeichen in ihrer Reihenfolge sind schnell erraten. Wählen Sie ein anderes.',
    names: 'Ein Passwort aus Ihrer Adresse oder dem Namen einer Firma ist schnell erraten. Wählen Sie ein anderes.',
    weak: 'Dieses Passwort ist zu leicht zu erraten. Wählen Sie ein anderes.',
  },
}

/** What is wrong with what was entered, besides not proving who somebody is. */
export type EntryFault = keyof (typeof EN)['faults']

export const wordsOf = (language: Language): typeof EN => (language === 'de' ? DE : EN)
