// What a cluster shows of the AWS VPC CNI: that it runs, and with which settings. Pods get addresses of VPC subnets, which no object lists;
// those come from a bundle's cloud/ folder. Not visible: ipamd's own state, warm addresses, branch interfaces.
import type { ModeSignal, Problem } from '../model/inventory.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { listAt, textAt } from './kubernetes/fields.ts'
import { recordReader } from './kubernetes/record-reader.ts'

/** Settings that decide how many addresses nodes hold without a pod (amazon-vpc-cni-k8s README); held addresses are no leak (aws #1635). */
const SETTINGS = [
  'ENABLE_PREFIX_DELEGATION',
  'WARM_PREFIX_TARGET',
  'WARM_IP_TARGET',
  'MINIMUM_IP_TARGET',
  'WARM_ENI_TARGET',
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'IP_COOLDOWN_PERIOD',
  'ENABLE_POD_ENI',
]

const isDaemon = (object: unknown): boolean => textAt(object, 'metadata', 'labels', 'k8s-app') === 'aws-node'

function settingsOf(object: unknown): string[] {
  const variables = listAt(object, 'spec', 'containers').flatMap((container) => listAt(container, 'env'))
  return variables.flatMap((variable) => {
    const [name, value] = [textAt(variable, 'name') ?? '', textAt(variable, 'value')]
    return SETTINGS.includes(name) && value !== undefined ? [`${name}=${value}`] : []
  })
}

export const awsVpc = defineSystem({
  id: 'aws-vpc',
  title: 'AWS VPC CNI',
  kinds: ['/Pod', 'crd.k8s.amazonaws.com/ENIConfig', 'vpcresources.k8s.aws/CNINode'],
  fields: { '/Pod': { fields: { metadata: { labels: { 'k8s-app': true } } }, whole: isDaemon } },
  files: false,
  parser() {
    const configs = recordReader<string>('eniconfigs')
    const nodes = recordReader<string>('cninodes')
    let daemon: { readonly settings: readonly string[]; readonly origin: string } | undefined
    const take = (document: ObjectDocument): void => {
      if (document.kind === 'Pod') {
        if (daemon === undefined && isDaemon(document.object)) daemon = { settings: settingsOf(document.object), origin: document.origin }
      } else if (document.kind === 'ENIConfig') {
        configs.take(
          document,
          (d) => textAt(d.object, 'spec', 'subnet') ?? configs.unreadable(d, 'has no spec.subnet: pods of its nodes get no address'),
        )
      } else nodes.take(document, ({ origin }) => origin)
    }
    return {
      object: take,
      finish() {
        const signals: ModeSignal[] = []
        if (daemon !== undefined && daemon.settings.length > 0)
          signals.push({ mode: 'aws-vpc', weight: 1, fact: `aws-node runs with ${daemon.settings.join(', ')}`, origin: daemon.origin })
        const [node] = nodes.records()
        // The control plane of EKS makes these whatever CNI runs.
        if (node !== undefined) signals.push({ mode: 'aws-vpc', weight: 1, fact: `CNINode objects: ${nodes.records().length}`, origin: node })
        const problems: readonly Problem[] = [...configs.problems, ...nodes.problems]
        return { signals, problems, coverage: [...configs.coverage(false), ...nodes.coverage(false)] }
      },
    }
  },
})
