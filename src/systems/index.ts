// Every address system, in the order in which they are shown. A new one is a new file and a line here.
import type { System } from './define-system.ts'
import { external } from './external.ts'
import { hostLocal } from './host-local.ts'
import { nodeCidr } from './node-cidr.ts'
import { services } from './services.ts'
import { workloads } from './workloads.ts'

export const systems: readonly System[] = [workloads, nodeCidr, hostLocal, services, external]
