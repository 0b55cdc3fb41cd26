// The roles that reading a cluster needs, made from what is read, so that they can never fall behind it.
import { pluralOf, splitKind } from './resource.ts'
import { wellKnownMaps } from './well-known-maps.ts'

const HEAD = `# What \`ipam audit\` and \`ipam collect\` need, and no more: they only read. Made by \`ipam audit --print-rbac\`.
# Kinds that a cluster does not have do no harm here. Discovery (/api, /apis) is open to every user by default (system:discovery).
# Bind with:
#   kubectl create clusterrolebinding ipam-reader --clusterrole=ipam-reader --user=NAME
`

/** @param kinds `group/Kind` */
export function rbacManifest(kinds: readonly string[]): string {
  const groups = new Map<string, Set<string>>()
  for (const name of kinds) {
    const { group, kind } = splitKind(name)
    if (group === '' && kind === 'ConfigMap') continue // by name, below
    groups.set(group, (groups.get(group) ?? new Set()).add(pluralOf(kind)))
  }
  const rules = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, plurals]) => rule(group, [...plurals].sort(), 'get, list'))
  return [
    HEAD,
    role('ClusterRole', undefined, rules),
    ...Object.entries(wellKnownMaps).flatMap(([namespace, names]) => mapRole(namespace, names)),
  ].join('')
}

const rule = (group: string, resources: readonly string[], verbs: string, names: readonly string[] = []): string =>
  [
    `  - apiGroups: ["${group}"]`,
    `    resources: [${resources.join(', ')}]`,
    ...(names.length === 0 ? [] : [`    resourceNames: [${names.join(', ')}]`]),
    `    verbs: [${verbs}]`,
  ].join('\n')

const role = (kind: string, namespace: string | undefined, rules: readonly string[]): string =>
  `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata:
  name: ipam-reader
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}rules:
${rules.join('\n')}
`

/** ConfigMaps that state ranges: by name, since most others are nobody's business. */
const mapRole = (namespace: string, names: readonly string[]): string[] => [
  `# kubectl create rolebinding ipam-reader -n ${namespace} --role=ipam-reader --user=NAME\n`,
  role('Role', namespace, [rule('', ['configmaps'], 'get', names)]),
]
