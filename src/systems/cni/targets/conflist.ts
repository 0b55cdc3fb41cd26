// A CNI configuration list for each node.
import { formatAddress, formatCidr, overlappingPairs, rangeOf } from '../../../net/index.ts'
import { readConfiguration } from '../read-configuration.ts'
import { writeConflist } from '../write-conflist.ts'
import { defineTarget, type GeneratedFile, type NodeShare } from './define-target.ts'

/** Laid out like the `nodes/` folder of a bundle, so that `ipam audit` can read the result. */
const pathOf = (node: string | undefined, fileName: string): string => (node === undefined ? fileName : `${node}/etc/cni/net.d/${fileName}`)

/** The ranges in the file, proved to be those that were asked for. */
function readBack({ path, text }: GeneratedFile, { ranges }: NodeShare) {
  const { networks, problems, error } = readConfiguration(text, path)
  const fault = error ?? problems[0]?.message
  if (fault !== undefined) throw new Error(`the generated ${path} does not read back: ${fault}`)
  const read = networks[0]?.ranges ?? []
  const isSame = ranges.every(({ subnet, start, end, gateway }, set) => {
    const found = read[set]
    if (found === undefined || formatCidr(found.subnet) !== formatCidr(subnet)) return false
    const { family, first, last } = found.range
    const bounds = [
      [start, { family, value: first }],
      [end, { family, value: last }],
      [gateway, found.gateway],
    ] as const
    return bounds.every(([wanted, got]) => wanted === undefined || formatAddress(wanted) === formatAddress(got))
  })
  if (!isSame || read.length !== ranges.length || networks.length !== 1) throw new Error(`the generated ${path} reads back with other ranges`)
  return read
}

export const conflist = defineTarget({
  id: 'conflist',
  title: 'CNI configuration list with host-local, one file for each node',
  generate: (shares, settings) =>
    shares.map(({ node, ranges }) => ({ node, path: pathOf(node, settings.fileName), text: writeConflist(settings, ranges) })),
  *findClashes(files, shares) {
    const items = files.flatMap((file, index) => {
      const share = shares[index]
      if (share === undefined) throw new Error(`the generated ${file.path} belongs to no node`)
      return readBack(file, share).map(({ subnet }) => ({ node: file.node ?? file.path, subnet }))
    })
    for (const [a, b] of overlappingPairs(items, ({ subnet }) => rangeOf(subnet))) {
      yield { nodes: [a.node, b.node], subnets: [formatCidr(a.subnet), formatCidr(b.subnet)] }
    }
  },
})
