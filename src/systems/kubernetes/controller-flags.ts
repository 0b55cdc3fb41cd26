// Ranges that the control plane was started with, from static pods' command lines.
import type { DeclaredRange } from '../../model/inventory.ts'
import { type Cidr, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { listAt, textAt, valueAt } from './fields.ts'

/** `--flag=value` and `--flag value`, over command and args of the first container. */
export function flagsOf(object: unknown): ReadonlyMap<string, string> {
  const container = listAt(object, 'spec', 'containers')[0]
  const words = [...listAt(container, 'command'), ...listAt(container, 'args')].filter((word): word is string => typeof word === 'string')
  const flags = new Map<string, string>()
  words.forEach((word, i) => {
    if (!word.startsWith('--')) return
    const equals = word.indexOf('=')
    if (equals > 0) flags.set(word.slice(2, equals), word.slice(equals + 1))
    else if (words[i + 1]?.startsWith('--') === false) flags.set(word.slice(2), words[i + 1] as string)
  })
  return flags
}

export const cidrList = (text: string | undefined): Cidr[] =>
  (text ?? '')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .flatMap((part) => readCidr(part)?.value ?? [])

/** kube-controller-manager's masks: /24 and /64 unless a flag says otherwise. */
function nodePrefix(flags: ReadonlyMap<string, string>, family: 4 | 6): number {
  const text = flags.get(`node-cidr-mask-size-ipv${family}`) ?? flags.get('node-cidr-mask-size')
  return Number(text ?? '') || (family === 4 ? 24 : 64)
}

const programOf = (object: unknown): string | undefined => textAt(object, 'metadata', 'labels', 'component')

/** Whether rangesOfControlPlanePod reads more of it. */
export const isControlPlanePod = (object: unknown): boolean => ['kube-controller-manager', 'kube-apiserver'].includes(programOf(object) ?? '')

export function rangesOfControlPlanePod(document: ObjectDocument): DeclaredRange[] {
  const { object, origin } = document
  if (!isControlPlanePod(object)) return []
  const program = programOf(object)
  const flags = flagsOf(object)
  const services = cidrList(flags.get('service-cluster-ip-range')).map(
    (cidr): DeclaredRange => ({ role: 'services', cidr, by: `${program} flag --service-cluster-ip-range`, certainty: 'declared', origin }),
  )
  // Without --allocate-node-cidrs the cluster CIDR only tells cloud routes apart; nobody cuts node ranges from it.
  if (program === 'kube-apiserver' || valueAt(Object.fromEntries(flags), 'allocate-node-cidrs') === 'false') return services
  const pods = cidrList(flags.get('cluster-cidr')).map(
    (cidr): DeclaredRange => ({
      role: 'pods',
      cidr,
      nodePrefix: nodePrefix(flags, cidr.family),
      by: `${program} flag --cluster-cidr`,
      certainty: 'declared',
      origin,
    }),
  )
  return [...pods, ...services]
}
