import { parentPort, workerData } from 'node:worker_threads'
import { askEngine, type Question } from './ask-engine.ts'

/** The other side of `askAside`: one question, one answer, and the end. */
parentPort!.postMessage(askEngine(workerData as Question))
