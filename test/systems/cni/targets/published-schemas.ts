// What the definitions of these kinds say about the fields that are generated: names, types, limits. Taken as facts from the projects' own
// CustomResourceDefinitions and configuration references (addresses below); unknown fields, which an API server would drop silently, are refused.

const text = { type: 'string', minLength: 1 } as const
const texts = { type: 'array', items: text, minItems: 1 } as const
const flag = { type: 'boolean' } as const
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum })
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required, additionalProperties: false })
const list = (items: object) => ({ type: 'array', items, minItems: 1 })
const oneOf = (...values: readonly unknown[]) => ({ enum: values })

const kind = (apiVersion: string, name: string, scope: 'Cluster' | 'Namespaced', rest: object) =>
  object(
    {
      apiVersion: { const: apiVersion },
      kind: { const: name },
      metadata: object(
        {
          name: { ...text, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' },
          ...(scope === 'Namespaced' ? { namespace: text } : {}),
          annotations: { type: 'object' },
        },
        scope === 'Namespaced' ? ['name', 'namespace'] : ['name'],
      ),
      ...rest,
    },
    ['apiVersion', 'kind', 'metadata', ...Object.keys(rest)],
  )

const ofCalico = { cidr: text, blockSize: { type: 'integer', anyOf: [whole(20, 32), whole(116, 128)] }, nodeSelector: text, disableBGPExport: flag }
const podPool = (most: number) => object({ cidrs: texts, maskSize: whole(1, most) }, ['cidrs', 'maskSize'])

export const publishedSchemas: Readonly<Record<string, object>> = {
  // https://github.com/projectcalico/calico/tree/master/libcalico-go/config/crd
  'projectcalico.org/v3 IPPool': kind('projectcalico.org/v3', 'IPPool', 'Cluster', {
    spec: object(
      {
        ...ofCalico,
        ipipMode: oneOf('Never', 'Always', 'CrossSubnet'),
        vxlanMode: oneOf('Never', 'Always', 'CrossSubnet'),
        natOutgoing: flag,
        disabled: flag,
        allowedUses: texts,
        assignmentMode: oneOf('Automatic', 'Manual'),
      },
      ['cidr'],
    ),
  }),
  'projectcalico.org/v3 IPReservation': kind('projectcalico.org/v3', 'IPReservation', 'Cluster', { spec: object({ reservedCIDRs: texts }) }),
  // https://docs.tigera.io/calico/latest/reference/installation/api
  'operator.tigera.io/v1 Installation': kind('operator.tigera.io/v1', 'Installation', 'Cluster', {
    spec: object({
      calicoNetwork: object({
        ipPools: list(
          object(
            {
              ...ofCalico,
              name: text,
              encapsulation: oneOf('IPIPCrossSubnet', 'IPIP', 'VXLAN', 'VXLANCrossSubnet', 'None'),
              natOutgoing: oneOf('Enabled', 'Disabled'),
            },
            ['cidr'],
          ),
        ),
      }),
    }),
  }),
  // https://github.com/cilium/cilium/tree/main/pkg/k8s/apis/cilium.io/client/crds/v2alpha1
  'cilium.io/v2alpha1 CiliumPodIPPool': kind('cilium.io/v2alpha1', 'CiliumPodIPPool', 'Cluster', {
    spec: object({ ipv4: podPool(32), ipv6: podPool(128) }),
  }),
  // https://github.com/kubeovn/kube-ovn/blob/master/charts/kube-ovn/templates/kube-ovn-crd.yaml
  'kubeovn.io/v1 Subnet': kind('kubeovn.io/v1', 'Subnet', 'Cluster', {
    spec: object(
      {
        protocol: oneOf('IPv4', 'IPv6', 'Dual'),
        cidrBlock: text,
        gateway: text,
        excludeIps: texts,
        gatewayType: oneOf('distributed', 'centralized'),
        natOutgoing: flag,
        default: flag,
      },
      ['cidrBlock'],
    ),
  }),
  // https://github.com/antrea-io/antrea/blob/main/build/charts/antrea/crds/ippool.yaml
  'crd.antrea.io/v1beta1 IPPool': kind('crd.antrea.io/v1beta1', 'IPPool', 'Cluster', {
    spec: object(
      {
        ipRanges: list({ oneOf: [object({ cidr: text }, ['cidr']), object({ start: text, end: text }, ['start', 'end'])] }),
        subnetInfo: object({ gateway: text, prefixLength: whole(1, 127), vlan: whole(0, 4094) }, ['gateway', 'prefixLength']),
      },
      ['ipRanges', 'subnetInfo'],
    ),
  }),
  // https://github.com/spidernet-io/spiderpool/tree/main/charts/spiderpool/crds
  'spiderpool.spidernet.io/v2beta1 SpiderIPPool': kind('spiderpool.spidernet.io/v2beta1', 'SpiderIPPool', 'Cluster', {
    spec: object(
      { ipVersion: oneOf(4, 6), subnet: text, ips: texts, excludeIPs: texts, gateway: text, nodeName: texts, default: flag, disable: flag },
      ['subnet'],
    ),
  }),
  // https://github.com/metallb/metallb/tree/main/config/crd/bases
  'metallb.io/v1beta1 IPAddressPool': kind('metallb.io/v1beta1', 'IPAddressPool', 'Namespaced', {
    spec: object({ addresses: texts, autoAssign: flag, avoidBuggyIPs: flag }, ['addresses']),
  }),
  // https://github.com/k8snetworkplumbingwg/multi-net-spec
  'k8s.cni.cncf.io/v1 NetworkAttachmentDefinition': kind('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', 'Namespaced', {
    spec: object({ config: text }),
  }),
  // https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/
  'kubeadm.k8s.io/v1beta4 ClusterConfiguration': object(
    {
      apiVersion: { const: 'kubeadm.k8s.io/v1beta4' },
      kind: { const: 'ClusterConfiguration' },
      networking: object({ podSubnet: text, serviceSubnet: text, dnsDomain: text }),
      controllerManager: object({ extraArgs: list(object({ name: text, value: text }, ['name', 'value'])) }),
    },
    ['apiVersion', 'kind'],
  ),
  'v1 ConfigMap': kind('v1', 'ConfigMap', 'Namespaced', { data: { type: 'object', additionalProperties: { type: 'string' } } }),
  // https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
  'kustomize.config.k8s.io/v1beta1 Kustomization': object({
    apiVersion: { const: 'kustomize.config.k8s.io/v1beta1' },
    kind: { const: 'Kustomization' },
    resources: texts,
    configMapGenerator: list(object({ name: text, namespace: text, files: texts })),
    generatorOptions: object({ disableNameSuffixHash: flag }),
  }),
}

/** Files that are no objects, by name. */
export const publishedFiles: Readonly<Record<string, object>> = {
  // https://docs.cilium.io/en/stable/helm-reference/
  'values.yaml': object(
    {
      ipam: object({
        mode: oneOf('cluster-pool', 'multi-pool'),
        operator: object({
          clusterPoolIPv4PodCIDRList: texts,
          clusterPoolIPv4MaskSize: whole(1, 30),
          clusterPoolIPv6PodCIDRList: texts,
          clusterPoolIPv6MaskSize: whole(1, 128),
          autoCreateCiliumPodIPPools: { type: 'object', additionalProperties: object({ ipv4: podPool(32), ipv6: podPool(128) }) },
        }),
      }),
      ipv4: object({ enabled: flag }),
      ipv6: object({ enabled: flag }),
    },
    ['ipam', 'ipv4', 'ipv6'],
  ),
  // https://docs.k3s.io/cli/server
  'config.yaml': object({ 'cluster-cidr': text, 'service-cidr': text, 'cluster-dns': text, 'kube-controller-manager-arg': texts }, ['cluster-cidr']),
}
