// `--what-if FLAG=VALUE`: the same request with other values.
import { UsageError } from '../model/errors.ts'
import { didYouMean } from './did-you-mean.ts'
import type { PlanFlags } from './plan-flags.ts'

/** Flags that change the plan itself; true for those that may be given several times. */
const changeable = {
  'cluster-cidr': true,
  'node-prefix': false,
  nodes: false,
  'max-nodes': false,
  'max-pods': false,
  surge: false,
  growth: false,
  horizon: false,
  'service-cidr': true,
  services: false,
  'node-network': true,
  reserve: true,
  owned: true,
  profile: false,
} as const satisfies Partial<Record<keyof PlanFlags, boolean>>

type Changeable = keyof typeof changeable

const isChangeable = (key: string): key is Changeable => Object.hasOwn(changeable, key)

/**
 * The flags as they would be.
 *
 * @throws UsageError
 */
export function flagsIf(flags: PlanFlags, changes: readonly string[]): PlanFlags {
  if (flags.file === '-' || flags.keep === '-')
    throw new UsageError('--what-if reads the request twice, and standard input can be read once; save it to a file')
  const changed: Partial<Record<Changeable, string | string[]>> = {}
  for (const text of changes) {
    const at = text.indexOf('=')
    const key = (at < 0 ? text : text.slice(0, at)).replace(/^--/, '')
    if (!isChangeable(key)) {
      const near = didYouMean(key, Object.keys(changeable))
      const hint = near === undefined ? `there is ${Object.keys(changeable).join(', ')}` : `did you mean ${near}?`
      throw new UsageError(`--what-if: ${JSON.stringify(key.slice(0, 60))} is nothing that a plan depends on; ${hint}`)
    }
    if (at < 0 || text.slice(at + 1) === '') throw new UsageError(`--what-if: ${JSON.stringify(text)} has no value; write ${key}=VALUE`)
    changed[key] = changeable[key] ? text.slice(at + 1).split(';') : text.slice(at + 1)
  }
  // Names and a number of nodes contradict each other.
  const others = changed.nodes === undefined ? flags : { ...flags, node: undefined }
  return { ...others, ...changed } as PlanFlags
}
