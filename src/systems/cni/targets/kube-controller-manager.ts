// Flags of kube-controller-manager and kube-apiserver, one a line.
import { formatCidr } from '../../../net/index.ts'
import { claimsOfTexts, controllerClaims, maskFlags, podText, refuseForController } from './base/controller-flags.ts'
import { planOf } from './base/planned.ts'
import { defineTarget, type GeneratedFile } from './define-target.ts'

const lines = (path: string, flags: readonly (readonly [string, string])[]): GeneratedFile => ({
  node: undefined,
  path,
  text: flags.map(([name, value]) => `--${name}=${value}\n`).join(''),
})

const serviceFlag = 'service-cluster-ip-range'

/** The value of a flag in what was generated. */
const valueIn = ({ text }: GeneratedFile, name: string): string | undefined =>
  text
    .split('\n')
    .find((line) => line.startsWith(`--${name}=`))
    ?.slice(name.length + 3)

export const kubeControllerManager = defineTarget({
  id: 'kube-controller-manager',
  title: 'flags of kube-controller-manager, and of kube-apiserver for Services',
  from: 'plan',
  isPlugin: false,
  mayHoldServices: true,
  generate(input) {
    refuseForController(input)
    const services = planOf(input).serviceCidrs.map(formatCidr).join(',')
    const shared = services === '' ? [] : [[serviceFlag, services] as const]
    const own = [['allocate-node-cidrs', 'true'] as const, ['cluster-cidr', podText(input)] as const, ...maskFlags(input), ...shared]
    return [lines('kube-controller-manager.flags', own), ...(shared.length === 0 ? [] : [lines('kube-apiserver.flags', shared)])]
  },
  expected: controllerClaims,
  readBack: ([file, server], input) => {
    if (file === undefined) return []
    const services = valueIn(file, serviceFlag)
    // Two programs with different ranges is how Services end up in the pods' range unseen.
    if (server !== undefined && valueIn(server, serviceFlag) !== services)
      throw new Error('the generated flags of the two programs read back with different Services')
    return claimsOfTexts(input, valueIn(file, 'cluster-cidr') ?? '', services)
  },
})
