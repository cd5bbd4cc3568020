export const fresh = {
  title: 'Type your password again',
  text: 'What you are about to do concerns keys, people or secrets. It wants a password typed within the last ten minutes.',
  submit: 'Go on',
  wrong: 'That is not right. Try again.',
}
