// Secondary networks: NetworkAttachmentDefinitions (k8s.cni.cncf.io/v1), as Multus and its imitators read them.
// Not visible through the API: definitions whose configuration lies in a file on the nodes, and what DHCP or static IPAM gave out.
import type { Attachment, Problem } from '../model/inventory.ts'
import { defineSystem } from './define-system.ts'
import { recordReader } from './kubernetes/record-reader.ts'
import { attachmentOf } from './multus/attachment-of.ts'
import { readAttachment } from './multus/read-attachment.ts'

export const multus = defineSystem({
  id: 'multus',
  title: 'Secondary networks',
  kinds: ['k8s.cni.cncf.io/NetworkAttachmentDefinition'],
  files: false,
  parser() {
    const attachments = recordReader<Attachment>('network-attachment-definitions')
    const problems: Problem[] = []
    return {
      object(document) {
        attachments.take(document, (d) => {
          const { id, config, error } = readAttachment(d)
          if (error !== undefined) return attachments.unreadable(d, error)
          for (const { kind, message, addresses } of config?.problems ?? []) {
            if (kind === 'note') continue
            const source = 'network-attachment-definitions'
            problems.push({ kind, source, subject: id, message, origin: d.origin, addresses: addresses ?? [] })
          }
          return attachmentOf(id, config, d.origin)
        })
      },
      finish: () => ({
        attachments: attachments.records(),
        problems: [...attachments.problems, ...problems],
        coverage: attachments.coverage(false),
      }),
    }
  },
})
