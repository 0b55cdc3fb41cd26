// Every address system, in the order in which they are shown. A new one is a new file and a line here.
import { awsVpc } from './aws-vpc.ts'
import { azure } from './azure.ts'
import { cloudSubnets } from './cloud-subnets.ts'
import type { System } from './define-system.ts'
import { external } from './external.ts'
import { gke } from './gke.ts'
import { hostLocal } from './host-local.ts'
import { nodeCidr } from './node-cidr.ts'
import { openshiftSdn } from './openshift-sdn.ts'
import { services } from './services.ts'
import { weave } from './weave.ts'
import { workloads } from './workloads.ts'

export const systems: readonly System[] = [workloads, nodeCidr, hostLocal, services, openshiftSdn, awsVpc, azure, gke, cloudSubnets, weave, external]
