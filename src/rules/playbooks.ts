// Repair steps that findings print and nobody executes: the tool never changes a cluster.

export interface Playbook {
  readonly id: string
  readonly title: string
  readonly steps: readonly string[]
}

const list: readonly Playbook[] = [
  {
    id: 'R1',
    title: 'Two nodes hold one range',
    steps: [
      'Pause the autoscaler and rollouts.',
      'Cordon the younger node (creationTimestamp) and drain it.',
      'Remove its Node object last; flannel peers drop the shared route at that moment (kubernetes #127792).',
      'On every peer check the route to the surviving node; restart the CNI agent where it is missing.',
      'Replace the machine, upgrade the allocator, and audit again before the autoscaler resumes.',
    ],
  },
  {
    id: 'R2',
    title: 'Stale host-local allocation files',
    steps: [
      'Cordon the node and copy the state directory.',
      'List all sandboxes on the node, in any state: crictl pods -o json.',
      'Candidates: the container id is not in that list, the file is older than the grace, no pod on the node has the address.',
      'Hold the lock (flock <dir>/lock) and delete only the candidates; leave lock and last_reserved_ip.* alone.',
      'Uncordon and start a test pod.',
      'Cure the cause: a newer runtime, or dataDir on a tmpfs, so that a reboot clears it.',
    ],
  },
  {
    id: 'R3',
    title: 'Calico leaks and affinities',
    steps: [
      'Save blocks, handles and affinities.',
      'Run calicoctl ipam check -o report.json; wait one grace period (15 min) and run it again; keep what both name.',
      'Lock the datastore and release from the reviewed report: calicoctl ipam release --from-report report.json.',
      'Make sure that kube-controllers runs and is not stuck on a deleted node; audit again.',
    ],
  },
  {
    id: 'R4',
    title: 'CiliumNode without a node',
    steps: [
      'Prove that the Node is gone.',
      'Delete the CiliumNode.',
      'Restart the operator, then agents that wait for a range.',
      'Find out why the garbage collector did not act.',
    ],
  },
  {
    id: 'R5',
    title: 'Grow a pool',
    steps: [
      'Append a new, disjoint range; never edit or shrink an existing entry or its mask.',
      'Wait until all nodes see it, then move workloads by rolling.',
      'Retire the old range only when its last address is free.',
    ],
  },
  {
    id: 'R6',
    title: 'Renumber',
    steps: [
      'Build a new node pool or cluster with the right range beside the old one.',
      'Move the workloads and remove the old one; changing a cluster CIDR in place is not supported.',
    ],
  },
  {
    id: 'R7',
    title: 'Change the node mask',
    steps: [
      'Keep the cluster CIDR and replace every node; never mix masks (kubernetes #70957).',
      'Or add a second pool or cluster with the wanted mask.',
    ],
  },
  {
    id: 'R8',
    title: 'Service range full',
    steps: [
      'Delete Services that nobody uses.',
      'Kubernetes 1.33 and later: add a ServiceCIDR object and check that new Services draw from it.',
      'Earlier versions: a new cluster, or a planned outage (kubernetes #104088).',
    ],
  },
  {
    id: 'R9',
    title: 'A node works with another subnet than the API says',
    steps: [
      'Cordon and drain the node.',
      'Stop kubelet, the CNI agent and the runtime.',
      'Remove the bridge (cni0, kube-bridge), the stale state directory, /run/flannel/subnet.env and stale blackhole routes.',
      'Start them again; compare conflist, bridge address and Node.spec.podCIDRs; uncordon.',
    ],
  },
  {
    id: 'R10',
    title: 'whereabouts',
    steps: [
      'Suspend the reconciler.',
      'Export IPPools and OverlappingRangeIPReservations and compare them with the pods’ network-status.',
      'Upgrade, remove only entries missing in two runs, resume the reconciler.',
    ],
  },
  {
    id: 'R11',
    title: 'Load-balancer pool clash',
    steps: [
      'Turn off automatic assignment on the pool.',
      'Create a disjoint pool.',
      'Recreate the Services concerned one at a time.',
      'Shrink the old pool.',
    ],
  },
  {
    id: 'R12',
    title: 'Clash with a network outside',
    steps: [
      'List the destinations that are really used.',
      'For now: masquerade exceptions, or a proxy outside the range.',
      'For good: renumber (R6).',
    ],
  },
  {
    id: 'R13',
    title: 'Records and pods disagree after a restore',
    steps: [
      'Stop scheduling.',
      'Compare allocations with pods both ways.',
      'Restart all workloads, or reboot the nodes one by one, so that addresses are taken anew (calico #4374).',
      'Release what is left over and audit again to zero before traffic returns.',
    ],
  },
  {
    id: 'R14',
    title: 'Cloud subnet',
    steps: [
      'Free leftover interfaces.',
      'Lower the warm targets.',
      'Add a secondary range or subnet and reserve aligned prefixes.',
      'Build a new node pool on it and drain the old.',
    ],
  },
  {
    id: 'R15',
    title: 'Bridge of another engine',
    steps: [
      'Set bip and default-address-pools (or the engine’s own network) to free space.',
      'Drain the node, restart the engine, uncordon.',
      'Better: remove the engine from nodes that do not need it.',
    ],
  },
  {
    id: 'R16',
    title: 'One address, two pods',
    steps: [
      'Find which pod the allocator records and which one the route points to.',
      'Keep the recorded one and delete the other; make sure that the delete does not free the survivor’s record, else delete both.',
      'Treat the cause: R1 (node ranges), R2 (host-local), R3 (Calico), R13 (restore).',
    ],
  },
  {
    id: 'R17',
    title: 'Wrong configuration on disk',
    steps: [
      'Write the file again with ipam generate-conf, or correct the field that the message names.',
      'Recreate the pods that started under the wrong file.',
    ],
  },
  {
    id: 'R18',
    title: 'Input that could not be read',
    steps: [
      'Read the named source again with the permission or path that the message names.',
      'Run the audit again: what could not be read proves nothing.',
    ],
  },
  {
    id: 'R19',
    title: 'Records of owners that are gone',
    steps: [
      'Make sure that the controller that cleans up (operator, garbage collector) runs, and read its log for the record.',
      'Audit again after the grace: what is in both reports and has no pod is a leak.',
      'Save the record, then delete it or the object that holds it; restart the controller where it keeps a copy in memory.',
    ],
  },
  {
    id: 'R20',
    title: 'Blocks that no pool holds',
    steps: [
      'Put the removed range back into the pool, exactly as it was; never edit a range in use.',
      'Restart the operator, then the agents of the nodes named, and see that both lists agree.',
      'To retire the range for good: add its replacement first, drain the nodes one by one, remove it last.',
    ],
  },
  {
    id: 'R21',
    title: 'Two allocators, one range',
    steps: [
      'Decide which of the two shall give out the range; cordon nodes while both do.',
      'Move the other away: its own range (cluster CIDR, pool), or its configuration off the nodes.',
      'Find addresses that both gave out (R16), then recreate the pods of the one that left and audit again.',
    ],
  },
]

export const playbooks: ReadonlyMap<string, Playbook> = new Map(list.map((playbook) => [playbook.id, playbook]))
