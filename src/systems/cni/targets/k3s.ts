// config.yaml of k3s servers (RKE2 takes the same keys).
// https://docs.k3s.io/cli/server
import { cidrSize, formatCidr, formatValue } from '../../../net/index.ts'
import { claimsOfTexts, controllerClaims, maskFlags, podText, refuseForController } from './base/controller-flags.ts'
import { readYaml, writeYaml } from './base/manifest.ts'
import { planOf } from './base/planned.ts'
import { defineTarget } from './define-target.ts'

/** k3s' own default is the tenth address of its default Service range. */
const dnsPlace = 10n

export const k3s = defineTarget({
  id: 'k3s',
  title: 'config.yaml of k3s and RKE2 servers',
  from: 'plan',
  isPlugin: false,
  mayHoldServices: true,
  generate(input) {
    refuseForController(input)
    const { serviceCidrs } = planOf(input)
    const dns = serviceCidrs.filter((cidr) => cidrSize(cidr) > dnsPlace).map(({ family, base }) => formatValue(family, base + dnsPlace))
    const config = {
      'cluster-cidr': podText(input),
      ...(serviceCidrs.length === 0 ? {} : { 'service-cidr': serviceCidrs.map(formatCidr).join(',') }),
      ...(dns.length === 0 ? {} : { 'cluster-dns': dns.join(',') }),
      'kube-controller-manager-arg': maskFlags(input).map(([name, value]) => `${name}=${value}`),
    }
    return [{ node: undefined, path: 'config.yaml', text: writeYaml(config) }]
  },
  expected: controllerClaims,
  readBack: (files, input) =>
    files.flatMap(readYaml).flatMap((config) => claimsOfTexts(input, String(config['cluster-cidr']), config['service-cidr'] as string | undefined)),
})
