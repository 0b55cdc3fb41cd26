// A CNI configuration list for each node.
import { writeConflist } from '../write-conflist.ts'
import { claimOf, readHostLocalClaims } from './base/read-conflist.ts'
import { defineTarget, type NodeShare } from './define-target.ts'

/** Laid out like the `nodes/` folder of a bundle, so that `ipam audit` can read the result. */
const pathOf = (node: string | undefined, fileName: string): string => (node === undefined ? fileName : `${node}/etc/cni/net.d/${fileName}`)

const ownerOf = ({ node }: Pick<NodeShare, 'node'>, fileName: string): string => `node ${node ?? fileName}`

export const conflist = defineTarget({
  id: 'conflist',
  title: 'CNI configuration list with host-local, one file for each node',
  from: 'shares',
  isPlugin: true,
  generate: ({ shares, settings }) =>
    shares.map(({ node, ranges }) => ({ node, path: pathOf(node, settings.fileName), text: writeConflist(settings, ranges) })),
  expected: ({ shares, settings }) => shares.flatMap((share) => share.ranges.map((range) => claimOf(ownerOf(share, settings.fileName), range))),
  readBack: (files, { shares, settings }) =>
    files.flatMap(({ path, text }, index) => {
      const share = shares[index]
      if (share === undefined) throw new Error(`the generated ${path} belongs to no node`)
      return readHostLocalClaims(path, text, share.ranges, ownerOf(share, settings.fileName))
    }),
})
