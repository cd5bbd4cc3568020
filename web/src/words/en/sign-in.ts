export const signIn = {
  title: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  code: 'Code from your app',
  codeText: 'Open the app that makes your codes, and type the one for Payymo.',
  submit: 'Sign in',
  forgot: 'Forgot the password?',
  wrong: 'The e-mail or the password is not right.',
  wrongCode: 'That code is not right any more. Type the newest one.',
  slow: 'Too many tries. Wait a minute, then try again.',
  expired: 'You were signed out after a while without use. Sign in and go on where you were.',
  noTenant: 'Your account belongs to no company at the moment. Ask whoever invited you.',
}
