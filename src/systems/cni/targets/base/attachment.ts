// The object around the configuration of a further network, and what whereabouts' part of it claims.
import type { ConfSettings } from '../../conf-settings.ts'
import type { Claim } from '../define-target.ts'
import type { KubeObject, ReadObject } from './manifest.ts'
import { readNetwork } from './read-conflist.ts'
import { endOf, firstOf, objectIn, rangeIn } from './read-range.ts'

/** Names the resource whose devices Multus hands to the plugin. */
const resourceAnnotation = 'k8s.v1.cni.cncf.io/resourceName'

export const attachment = (name: string, config: string, { namespace, resource }: ConfSettings): KubeObject => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name, namespace: namespace ?? 'default', ...(resource === undefined ? {} : { annotations: { [resourceAnnotation]: resource } }) },
  spec: { config },
})

/** The text of the CNI configuration; '' where there is none. */
export function configOf({ spec }: ReadObject): string {
  return typeof spec['config'] === 'string' ? spec['config'] : ''
}

/** @throws Error for text that the audit's reader would not take, or ranges that are none */
export function whereaboutsClaims(path: string, text: string, owner: string): readonly Claim[] {
  const { ipam } = readNetwork(path, text)
  if (ipam !== 'whereabouts') throw new Error(`the generated ${path} reads back with ${ipam} instead of whereabouts`)
  const [main] = (JSON.parse(text) as { plugins: readonly unknown[] }).plugins
  const { ipRanges } = objectIn(main, 'ipam')
  return (ipRanges as readonly Readonly<Record<string, string>>[]).map(({ range = '', range_start, range_end }) => {
    const whole = rangeIn(range)
    return { owner, range: rangeIn(`${range_start ?? firstOf(whole)}-${range_end ?? endOf(whole)}`) }
  })
}
