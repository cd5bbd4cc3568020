import { createHash } from 'node:crypto'

/** How a call goes wrong. Those marked * run the action first when `commits` is set, and do nothing otherwise. */
export const FAULT_MODES = [
  /** The answer is withheld; the action runs `delayMs` later, or when `commitLate` is called. */
  'commit_late',
  /** The connection is reset before anything happened. */
  'drop_before',
  /** The action runs, then the connection is reset. */
  'drop_after_commit',
  /** The action runs, then PHP dies: 500 with HTML. */
  '500_after_commit',
  /** * A gateway in front gives up: 502 with HTML. */
  '502_html',
  /** * 200 with a page of HTML. */
  'html_error_page',
  /** * A firewall's 403 with HTML. */
  'html_403',
  /** * A firewall's or CDN's 429 with HTML. */
  '429_html',
  /** * Nothing at all: 200 with an empty body (PHP ended early). */
  'empty_body',
  /** The action runs; the answer stops in the middle and the connection ends. */
  'truncated_body',
  /** The action runs; a PHP warning precedes the JSON. */
  'php_warning_before_json',
  /** The action runs; a byte order mark precedes the JSON. */
  'bom',
  /** 301 to https; nothing happens. */
  'redirect',
  /** The action runs at once; the answer comes `delayMs` later. */
  'slow',
  /** The action runs at once; head and first byte come at once, the rest drips over `delayMs`. */
  'slow_body',
  /** * 503 with the maintenance page. */
  'maintenance',
] as const
export type FaultMode = (typeof FAULT_MODES)[number]

/** A fault for chosen calls. Rules are tried in order; the first that applies is played. */
export interface FaultRule {
  mode: FaultMode
  /** The action, any case; `proof` stands for the module's proof page; every call when absent. */
  action?: string
  /** Calls let through before it begins; 0. */
  after?: number
  /** How many calls it strikes; no end when absent. */
  count?: number
  /** Chance in [0, 1] for each call; 1. Drawn from `seed`, the action and the number of the call: the same every time. */
  probability?: number
  seed?: number
  delayMs?: number
  commits?: boolean
  /** `commit_late`: how long the connection is held before it is reset; until the caller leaves when absent. */
  holdMs?: number
}

/** Faults for a whole suite, drawn from a seed. The same seed gives the n-th call of an action the same fate. */
export interface FaultPlan {
  seed: number
  /** Chance in [0, 1] that a call is struck. */
  probability: number
  /** What may happen, equally likely; all modes when absent. */
  modes?: FaultMode[]
  /** Actions struck; all when absent. */
  actions?: string[]
  /** Delays are drawn from 0 up to this; 2000. */
  delayMsMax?: number
  holdMs?: number
}

/** A fault decided for one call. */
export interface Fault {
  mode: FaultMode
  delayMs: number
  commits: boolean
  holdMs: number | null
}

/** Decides which calls are struck. Holds only what the control surface set: a restarted simulator has no faults. */
export class Faults {
  #rules: (FaultRule & { seen: number; struck: number })[] = []
  #plan: FaultPlan | null = null

  /** Adds rules behind those there are. Throws a RangeError on a mode that does not exist. */
  add(...rules: FaultRule[]): void {
    for (const rule of rules) checkMode(rule.mode)
    this.#rules.push(...rules.map((rule) => ({ ...rule, seen: 0, struck: 0 })))
  }

  plan(plan: FaultPlan | null): void {
    for (const mode of plan?.modes ?? []) checkMode(mode)
    this.#plan = plan
  }

  clear(): void {
    this.#rules = []
    this.#plan = null
  }

  show(): { rules: (FaultRule & { struck: number })[]; plan: FaultPlan | null } {
    return { rules: this.#rules.map(({ seen: _seen, ...rule }) => rule), plan: this.#plan }
  }

  /** The fate of the n-th call of the action; null: nothing goes wrong. */
  decide(action: string, n: number): Fault | null {
    for (const rule of this.#rules) {
      if (rule.action !== undefined && rule.action.toLowerCase() !== action) continue
      rule.seen += 1
      if (rule.seen <= (rule.after ?? 0) || rule.struck >= (rule.count ?? Number.POSITIVE_INFINITY)) continue
      if (draw(rule.seed ?? 1, action, n, rule.mode) >= (rule.probability ?? 1)) continue
      rule.struck += 1
      return {
        mode: rule.mode,
        delayMs: rule.delayMs ?? 1000,
        commits: rule.commits ?? false,
        holdMs: rule.holdMs ?? null,
      }
    }
    return this.#plan && fromPlan(this.#plan, action, n)
  }
}

function fromPlan(plan: FaultPlan, action: string, n: number): Fault | null {
  if (plan.actions && !plan.actions.some((name) => name.toLowerCase() === action)) return null
  if (draw(plan.seed, action, n, 'strike') >= plan.probability) return null
  const modes: readonly FaultMode[] = plan.modes ?? FAULT_MODES
  return {
    mode: modes[Math.floor(draw(plan.seed, action, n, 'mode') * modes.length)]!,
    delayMs: Math.floor(draw(plan.seed, action, n, 'delay') * (plan.delayMsMax ?? 2000)),
    commits: draw(plan.seed, action, n, 'commits') < 0.5,
    holdMs: plan.holdMs ?? null,
  }
}

/** A number in [0, 1) that depends on its arguments only, so that parallel calls cannot change each other's fate. */
function draw(seed: number, action: string, n: number, what: string): number {
  return createHash('sha256').update(`${seed}/${action}/${n}/${what}`).digest().readUInt32BE(0) / 2 ** 32
}

function checkMode(mode: string): void {
  if (!FAULT_MODES.some((known) => known === mode)) {
    throw new RangeError(`no fault mode ${mode}; modes: ${FAULT_MODES.join(', ')}`)
  }
}
