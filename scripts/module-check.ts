// npm run module:check: what can be said of the WHMCS module without WHMCS; its own tests, and those against our server, where PHP is
// installed. Ends with one line: N passed, N failed[, N skipped].
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { withMariaDb } from './module-mariadb.ts'
import {
  ADDON,
  buildModuleZip,
  listShipped,
  MODULE_ROOT,
  readVersion,
} from '../server/src/billing/module/module-zip.ts'
import { root } from './run.ts'

const ENTRY_POINTS = [`${ADDON}/proof.php`]
const NEEDED = [
  'payymo.php',
  'hooks.php',
  'proof.php',
  'whmcs.json',
  'logo.png',
  'lib/autoload.php',
  'lang/english.php',
]
const GUARD = "if (!defined('WHMCS')) {\n    exit;\n}\n"
/** The versions of PHP that WHMCS 8 and 9 run on. */
const PHP_VERSIONS = ['7.4', '8.0', '8.1', '8.2', '8.3', '8.4']
const TOOL_SECONDS = 600

const counts = { passed: 0, failed: 0, skipped: 0 }

/** One check: faults, one a line, or none. */
function check(name: string, find: () => string[]): void {
  let faults: string[]
  try {
    faults = find()
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)]
  }
  counts[faults.length === 0 ? 'passed' : 'failed'] += 1
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${name}`)
  for (const fault of faults) console.log(`    ${fault}`)
}

function skip(name: string, reason: string): void {
  counts.skipped += 1
  console.log(`skipped: ${name}: ${reason}`)
}

const read = (path: string): string => readFileSync(join(MODULE_ROOT, path), 'utf8')
const phpFiles = (): string[] => listShipped().filter((path) => path.endsWith('.php'))
const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

check('layout', () =>
  NEEDED.filter((name) => !existsSync(join(MODULE_ROOT, ADDON, name))).map((name) => `${name} is missing`),
)

check('guards, no BOM, no closing tag, line ends', () =>
  phpFiles().flatMap((path) => {
    const source = read(path)
    return [
      !source.startsWith('<?php\n') && `${path} does not begin with <?php`,
      source.includes('?>') && `${path} holds a closing tag`,
      source.includes('\r') && `${path} holds a carriage return`,
      source.includes(GUARD) === ENTRY_POINTS.includes(path) && `${path}: guard and entry point do not agree`,
    ].filter((fault) => fault !== false)
  }),
)

check('one version', () => {
  const version = readVersion()
  const faults = phpFiles().flatMap((path) => {
    const found = [...read(path).matchAll(/'(\d+\.\d+\.\d+)'/g)].map((match) => match[1]!)
    const allowed = path.endsWith('lib/Module.php') || path.endsWith('lib/Schema.php')
    return allowed || found.length === 0 ? [] : [`${path} names a version of its own: ${found.join(' ')}`]
  })
  if (!read(`${ADDON}/payymo.php`).includes("'version' => Module::VERSION"))
    faults.push('payymo.php does not use Module::VERSION')
  const steps = [...read(`${ADDON}/lib/Schema.php`).matchAll(/'(\d+)\.(\d+)\.(\d+)' => /g)]
  const weigh = (parts: string[]) => parts.reduce((sum, part) => sum * 1_000 + Number.parseInt(part, 10), 0)
  for (const step of steps) {
    if (weigh(step.slice(1)) > weigh(version.split('.')))
      faults.push(`Schema.php has a step above ${version}: ${step[0]}`)
  }
  return faults
})

check('whmcs.json and logo', () => {
  const about = JSON.parse(read(`${ADDON}/whmcs.json`)) as Record<string, unknown> & { logo?: { filename?: string } }
  const needed = ['schema', 'type', 'name', 'license', 'category', 'description', 'logo', 'support', 'authors']
  const faults = needed.filter((key) => !(key in about)).map((key) => `whmcs.json lacks ${key}`)
  if (about.type !== 'whmcs-addons' || about.name !== 'payymo') faults.push('whmcs.json is not of this addon')
  const logo = readFileSync(join(MODULE_ROOT, ADDON, about.logo?.filename ?? 'logo.png'))
  if (logo.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') faults.push('the logo is no PNG')
  return faults
})

check('the zip is the shipped files, sorted, and nothing else', () => {
  const { bytes } = buildModuleZip()
  const entries = Object.entries(unzipSync(bytes))
  const names = entries.map(([name]) => name)
  const faults = names.filter(
    (name) => !name.startsWith(`${ADDON}/`) || name.includes('/.') || name.includes('/tests/'),
  )
  if (names.join('\n') !== listShipped().join('\n')) faults.push('the entries are not the shipped files in their order')
  for (const [name, content] of entries) {
    if (!readFileSync(join(MODULE_ROOT, name)).equals(content)) faults.push(`${name} differs from its file`)
  }
  return faults
})

check('built twice, in other time zones, it is the same', () => {
  const digests = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'].map(
    (TZ) =>
      spawnSync(process.execPath, [join(root, 'scripts/module-zip.ts')], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
        timeout: 60_000,
      }).stdout,
  )
  const expected = buildModuleZip().digest
  return digests.filter((line) => !line.startsWith(expected)).map((line) => `${line.trim()} is not ${expected}`)
})

phpSyntax()
await phpTests()
console.log(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
)
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0)

/** Every file read by every PHP that is here. What is not here is covered by the rules about tokens in tests/FilesTest.php. */
function phpSyntax(): void {
  const own = spawnSync('php', ['-r', 'echo PHP_MAJOR_VERSION . "." . PHP_MINOR_VERSION;'], { encoding: 'utf8' }).stdout
  for (const version of PHP_VERSIONS) {
    const program = version === own ? 'php' : `php${version}`
    if (version !== own && !has(program)) {
      skip(`syntax on PHP ${version}`, 'that PHP is not installed; the rules about tokens stand in for it')
      continue
    }
    check(`syntax on PHP ${version}`, () =>
      phpFiles().flatMap((path) => {
        const linted = spawnSync(program, ['-l', '-d', 'display_errors=1', join(MODULE_ROOT, path)], {
          encoding: 'utf8',
        })
        return linted.status === 0 && !/Deprecated|Warning/.test(linted.stdout) ? [] : [linted.stdout.trim()]
      }),
    )
  }
}

async function phpTests(): Promise<void> {
  if (!has('php') || !has('phpunit')) {
    skip(
      'PHPUnit',
      'php or phpunit is not installed (Debian: php-cli, phpunit and the packages in whmcs-module/README.md)',
    )
    skip('all of it on MariaDB', 'php or phpunit is not installed')
  } else phpunit('PHPUnit on sqlite', ['--exclude-group', 'mysql'], {})
  againstServer('the module against our server, on sqlite', {})
  if (has('php') && has('phpunit')) {
    const ran = await withMariaDb((address) => {
      phpunit('PHPUnit on MariaDB', [], { PAYYMO_TEST_MYSQL: address })
      againstServer('the module against our server, on MariaDB', { PAYYMO_TEST_MYSQL: address })
    })
    if (!ran) skip('all of it on MariaDB', 'mariadbd or PHP for MySQL is not installed (mariadb-server, php-mysql)')
  }
  if (!has('phpcs')) {
    skip('PHP_CodeSniffer', 'phpcs is not installed (Debian: php-codesniffer)')
    return
  }
  check('PHP_CodeSniffer', () => {
    const sniffed = spawnSync('phpcs', ['-q'], { cwd: MODULE_ROOT, encoding: 'utf8', timeout: TOOL_SECONDS * 1_000 })
    return sniffed.status === 0 ? [] : [sniffed.stdout.trim()]
  })
}

/** Each of its tests counts. What cannot run says itself why. */
function againstServer(name: string, env: NodeJS.ProcessEnv): void {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-module-check-'))
  const file = join(folder, 'report.json')
  try {
    const vitest = ['run', 'server/test/whmcs-module.test.ts', '--reporter=default', '--reporter=json']
    const ran = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), ...vitest, `--outputFile.json=${file}`],
      {
        cwd: root,
        env: { ...process.env, ...env, PAYYMO_MODULE_CHECK: '1' },
        encoding: 'utf8',
        timeout: TOOL_SECONDS * 1_000,
      },
    )
    const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
    const tests = report?.testResults.flatMap((result) => result.assertionResults) ?? []
    const [passed, failed] = ['passed', 'failed'].map((status) => tests.filter((test) => test.status === status).length)
    const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
    counts.passed += passed!
    const broken = ran.status !== 0 || tests.length === 0
    counts.failed += broken ? Math.max(1, failed!) : failed!
    for (const { fullName } of skipped) skip(name, fullName)
    if (skipped.length < tests.length || broken) console.log(`${broken ? '✗' : '✓'} ${name}: ${passed!} tests`)
    if (broken) console.log(ran.stdout.trim() || ran.stderr.trim())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Report {
  testResults: { assertionResults: { status: string; fullName: string }[] }[]
}

/** Each of its tests counts. */
function phpunit(name: string, args: string[], env: NodeJS.ProcessEnv): void {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-module-check-'))
  const report = join(folder, 'report.xml')
  try {
    const ran = spawnSync('phpunit', [...args, '--log-junit', report], {
      cwd: MODULE_ROOT,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: TOOL_SECONDS * 1_000,
    })
    const totals = existsSync(report) ? /<testsuite [^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] : undefined
    const total = (field: string) =>
      Number.parseInt(new RegExp(` ${field}="(\\d+)"`).exec(totals ?? '')?.[1] ?? '0', 10)
    const [failed, skipped] = [total('errors') + total('failures'), total('skipped')]
    const passed = total('tests') - failed - skipped
    counts.passed += passed
    counts.skipped += skipped
    // A run that broke off, found nothing or was only warned about is a failure of its own.
    const broken = ran.status !== 0 || passed === 0
    counts.failed += broken ? Math.max(1, failed) : failed
    console.log(`${broken || failed > 0 ? '✗' : '✓'} ${name}: ${passed} tests`)
    if (broken || failed > 0 || skipped > 0) console.log(ran.stdout.trim() || ran.stderr.trim())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
