import { admit } from './access.ts'
import { actionOf, unknownParameters } from './actions/index.ts'
import { stringsOnly, write, type Answer, type Reply } from './answer.ts'
import type { Books } from './books.ts'
import type { Form } from './form.ts'
import type { Happening } from './install.ts'
import { Refusal } from './refusal.ts'
import { versionText } from './switches.ts'

/** What one call brought: the reply and, for the record, what was said. `message` is empty on success. */
export interface Outcome {
  reply: Reply
  message: string
}

export interface Ears {
  warn: (action: string, text: string) => void
  happen: (happening: Happening) => void
}

export const actionName = (form: Form): string => form.text('action').toLowerCase()

/** Answers one call of includes/api.php: address, credentials, action, role, then the action itself as one commit.
 *  peer: the address of the connection. */
export function answerCall(books: Books, systemUrl: string, form: Form, peer: string, ears: Ears): Outcome {
  const { access, switches } = books.settings
  const name = actionName(form)
  const reply = (status: number, answer: Answer): Outcome => {
    const shown = switches.numbers === 'strings' ? (stringsOnly(answer) as Answer) : answer
    const message = typeof answer.message === 'string' ? answer.message : ''
    return { reply: write(status, name, shown, form.text('responsetype'), versionText(switches.version)), message }
  }
  const error = (status: number, message: string): Outcome => reply(status, { [switches.errorKey]: 'error', message })

  const admission = admit(access, switches, form, peer)
  if ('status' in admission) return error(admission.status, admission.message)
  const action = actionOf(name, switches)
  if (!action) return error(switches.unknownActionStatus, 'Command Not Found')
  const refused = admission.may(name)
  if (refused) return error(refused.status, refused.message)

  const warn = (text: string): void => ears.warn(name, text)
  for (const parameter of unknownParameters(action, form.names())) warn(`WHMCS knows no parameter ${parameter} here`)
  const happenings: Happening[] = []
  try {
    const answer = books.commit(() =>
      action.run({ books, action: name, systemUrl, warn, happen: (one) => void happenings.push(one) }, form),
    )
    for (const happening of happenings) ears.happen(happening)
    return reply(200, { ...(switches.successKey === 'none' ? {} : { result: 'success' }), ...answer })
  } catch (fault) {
    if (fault instanceof Refusal) return error(200, fault.message)
    throw fault
  }
}
