import { parentPort, workerData } from 'node:worker_threads'
import { askEngine, type Question } from './ask-engine.ts'

/** The other side of `askAside`: one question, one answer, and the end. */
const answer = askEngine(workerData as Question)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin; this is no window
parentPort!.postMessage(answer)
