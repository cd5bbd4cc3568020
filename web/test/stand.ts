// node web/test/stand.ts: a stage that stands until Ctrl-C, for who writes browser tests. Prints what to set so that
// `npm run test:browser` uses it.
import { setStage, type Standing } from './stage.ts'

const { origin, key, folder, owner, comeIn, stop } = await setStage()
const standing: Standing = { origin, key, folder, owner, ...(comeIn === undefined ? {} : { comeIn }) }
console.log(`PAYYMO_STAGE='${JSON.stringify(standing)}'`)
process.once('SIGINT', () => void stop())
