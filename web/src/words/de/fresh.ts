import type { Words } from '../en/index.ts'

export const fresh: Words['fresh'] = {
  title: 'Geben Sie Ihr Passwort noch einmal ein',
  text: 'Es geht um Schlüssel, Personen oder Geheimnisse. Dafür muss das Passwort in den letzten zehn Minuten eingegeben worden sein.',
  submit: 'Weiter',
  wrong: 'Das stimmt nicht. Versuchen Sie es noch einmal.',
}
