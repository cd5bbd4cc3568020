// Screenshots of screens at 360 and 1440 px, light and dark, into the folder given: node web/test/shots.ts <folder> [path …]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setStage } from './stage.ts'

const [folder = 'web/shots', ...paths] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const stage = await setStage()
try {
  for (const [width, height] of [
    [360, 740],
    [1440, 900],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await stage.signedIn({ viewport: { width, height }, colorScheme, locale: 'en-GB' })
      const page = await context.newPage()
      page.on('console', (message) => message.type() === 'error' && console.log(message.text()))
      page.on('pageerror', (error) => console.log(error.message))
      for (const path of paths.length > 0 ? paths : ['/transactions']) {
        await page.goto(path)
        await page.waitForLoadState('networkidle')
        const name = path.replace(/^\/|\?.*$/g, '').replaceAll('/', '-') || 'overview'
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) })
      }
      await context.close()
    }
  }
} finally {
  await stage.stop()
}
