import { about, type Finding } from './finding.ts'
import { KNOWN, type Settings } from './read-settings.ts'

/** Names beside the settings that people and documents use. */
const NOT_OURS = /^PAYYMO_(TEST_\w+|KEY|API_KEY|URL|WEBHOOK_SECRET)$/
/** Families of names in which an unknown one is a misspelt setting rather than another program's. */
const FAMILY = /^(PAYYMO|GOCARDLESS)_/

/** Where the settings come from, which of them are nonsense, and which names mean nothing. */
export const checkSettings = (settings: Settings): Finding[] => [
  sources(settings),
  ...nonsense(settings),
  ...misspelt(settings),
]

function sources({ fromEnvironment, fromEnvFile, stage, config }: Settings): Finding {
  const { ok } = about('settings.sources')
  const named = (names: string[]) => (names.length === 0 ? 'nothing' : names.join(', '))
  return ok(
    `PAYYMO_ENVIRONMENT is ${config?.environment ?? 'not readable'}. From the environment: ${named(fromEnvironment)}. From .env: ${
      stage === 'production' ? 'not read in production' : named(fromEnvFile)
    }.`,
    {
      ...(config ? { environment: config.environment } : {}),
      from_environment: fromEnvironment,
      from_env_file: fromEnvFile,
    },
  )
}

/** One finding for each bad setting, all of them at once. */
function nonsense({ bad, config }: Settings): Finding[] {
  const { ok, problem } = about('settings.values')
  const next = 'Set it right, or remove it; docs/settings.md has all settings. Payymo does not start like this.'
  if (bad.size > 0)
    return [...bad].map(([name, sentences]) => problem(`${sentences.join('; ')}.`, next, { settings: [name] }))
  return [config ? ok('Every setting can be read.') : problem('The settings could not be read.', next)]
}

function misspelt({ values }: Settings): Finding[] {
  const unknown = Object.keys(values).filter((name) => FAMILY.test(name) && !KNOWN.has(name) && !NOT_OURS.test(name))
  if (unknown.length === 0) return []
  const { warning } = about('settings.names')
  return [
    warning(
      `This version has no setting ${unknown.sort().join(', ')}.`,
      'Look for a misspelling; what is named like this is not read.',
      // What somebody made up may be anything: its name stays here.
    ),
  ]
}
