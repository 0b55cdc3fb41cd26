// An image like the one that `ipam collect --nodes` runs: busybox, and a crictl that can do what is asked of it there.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from './image.ts'
import { findBusybox, nodesMissing, nodeTools } from './node-tools.ts'

const busybox = nodesMissing() === undefined ? await findBusybox() : { reason: nodesMissing() ?? '' }

/** Why it cannot be made here; undefined when it can. */
export const collectorMissing = (): string | undefined => ('reason' in busybox ? busybox.reason : undefined)

/** busybox runs its own commands without a file for each. */
export function collectorImage(): Image {
  if ('reason' in busybox) throw new Error(busybox.reason)
  const shell = readFileSync(join(busybox.dir, 'busybox'))
  const crictl = '#!/bin/sh\n[ "$1 $3 $4 $5" = "--runtime-endpoint pods -o json" ] && exec /bin/cri-pods "$(echo "$2" | sed s,unix://,,)"\n'
  const files = {
    'bin/busybox': shell,
    'bin/sh': shell,
    'bin/crictl': Buffer.from(crictl),
    'bin/cri-pods': readFileSync(join(nodeTools().helpers, 'cri-pods')),
  }
  return { name: 'localhost/collector:test', files, entrypoint: ['/bin/sh'] }
}
