// kube-vip's pools are a ConfigMap, whose schema knows text only: README of kube-vip/kube-vip-cloud-provider.
import { map, type SystemSchemas, text } from './parts.ts'

export const schemas: SystemSchemas = {
  source: 'https://github.com/kube-vip/kube-vip-cloud-provider/blob/main/README.md',
  kinds: { '/ConfigMap': { properties: { data: map(text) } } },
  malformed: [],
}
