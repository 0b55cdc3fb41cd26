// ClusterConfiguration of kubeadm: ranges of pods and Services, and the sizes of node ranges.
// https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/
import { formatCidr } from '../../../net/index.ts'
import { claimsOfTexts, controllerClaims, maskFlags, podText, refuseForController } from './base/controller-flags.ts'
import { readYaml, writeYaml } from './base/manifest.ts'
import { planOf } from './base/planned.ts'
import { objectIn } from './base/read-range.ts'
import { defineTarget } from './define-target.ts'

export const kubeadm = defineTarget({
  id: 'kubeadm',
  title: 'kubeadm ClusterConfiguration (v1beta4)',
  from: 'plan',
  isPlugin: false,
  mayHoldServices: true,
  generate(input) {
    refuseForController(input)
    const services = planOf(input).serviceCidrs.map(formatCidr)
    const configuration = {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      networking: { podSubnet: podText(input), ...(services.length === 0 ? {} : { serviceSubnet: services.join(',') }) },
      controllerManager: { extraArgs: maskFlags(input).map(([name, value]) => ({ name, value })) },
    }
    return [{ node: undefined, path: 'kubeadm.yaml', text: writeYaml(configuration) }]
  },
  expected: controllerClaims,
  readBack: (files, input) =>
    files.flatMap(readYaml).flatMap((object) => {
      const { podSubnet, serviceSubnet } = objectIn(object, 'networking')
      return claimsOfTexts(input, String(podSubnet), serviceSubnet as string | undefined)
    }),
})
