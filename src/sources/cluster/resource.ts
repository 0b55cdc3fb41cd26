// One kind of object as an API server serves it, and the words for it in paths, coverage and RBAC.

export interface Resource {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

/** Plurals that do not follow from the kind. */
const IRREGULAR: Readonly<Record<string, string>> = {
  NetworkAttachmentDefinition: 'network-attachment-definitions',
  OvnEip: 'ovn-eips',
  IptablesEIP: 'iptables-eips',
  ENIConfig: 'eniconfigs',
}

/** The usual plural of a kind, for where discovery cannot be asked: the RBAC that is printed, and kinds that are not served. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase()
  return IRREGULAR[kind] ?? (/[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : /(s|x|ch|sh)$/.test(lower) ? `${lower}es` : `${lower}s`)
}

/** `group/Kind` as systems name it; the core group is empty. */
export function splitKind(name: string): { readonly group: string; readonly kind: string } {
  const slash = name.lastIndexOf('/')
  return { group: name.slice(0, slash), kind: name.slice(slash + 1) }
}

/** `pods`, `servicecidrs.networking.k8s.io`: kubectl's full name. */
export const fullName = ({ group, plural }: Pick<Resource, 'group' | 'plural'>): string => (group === '' ? plural : `${plural}.${group}`)

export function pathOf({ group, version, plural, namespaced }: Resource, namespace: string | undefined): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespaced && namespace !== undefined ? `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}` : `${root}/${plural}`
}

/** Where a saved copy lies in a bundle. Findings name it in the live audit too, so that both audits read alike. */
export const originOf = (resource: Pick<Resource, 'group' | 'plural'>): string => `cluster/${fullName(resource)}.json`

/** What to grant, for coverage. */
export const missingRule = (resource: Pick<Resource, 'group' | 'plural'>, verbs = 'get,list'): string =>
  `not allowed (403): the RBAC rule \`${verbs} ${fullName(resource)}\` is missing; \`ipam audit --print-rbac\` prints all rules`
