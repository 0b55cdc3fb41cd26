// Which real programs the tests under test/real run, and what is in the way when they cannot.
import { availableParallelism } from 'node:os'
import { type Built, buildGoModule, type GoModule, isBuilt } from './go-module.ts'

const here = new URL('.', import.meta.url).pathname

/** The version is a linker variable; without it kubectl and our own discovery meet "v0.0.0-master". */
const kubernetesVersion = 'v1.36.3'

export const etcd: GoModule = { folder: `${here}etcd`, ldflags: '', takes: 'about half a minute' }
export const kubernetes: GoModule = {
  folder: `${here}kubernetes`,
  ldflags: `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion}`,
  takes: `5 to 10 minutes on ${availableParallelism()} cores`,
}

/** For the benchmark beside it alone; the tests do not need it. */
export const kubectl: GoModule = { folder: `${here}kubectl`, ldflags: kubernetes.ldflags, takes: 'about 3 minutes' }

/** The release that design and fixtures speak of; its definitions (CRDs) come from the same module. */
export const whereabouts: GoModule = { folder: `${here}whereabouts`, ldflags: '', takes: 'about a minute' }

/** Megabytes: linking kube-apiserver, and the three servers of a cluster with room to work (about 400 in use). */
const needed = { build: 3000, run: 800 }

/** The control plane's executables, built if need be. */
export async function controlPlaneTools(): Promise<{ readonly etcd: string; readonly kubernetes: string } | { readonly reason: string }> {
  if (process.platform !== 'linux') return { reason: 'the control plane is run on Linux only' }
  const megabytes = Math.floor(process.availableMemory() / 1e6)
  const least = isBuilt(kubernetes) ? needed.run : needed.build
  if (megabytes < least) return { reason: `${megabytes} MB of memory are free, ${least} MB are needed` }
  const built: Record<'etcd' | 'kubernetes', Built> = { etcd: await buildGoModule(etcd), kubernetes: await buildGoModule(kubernetes) }
  if ('reason' in built.etcd) return built.etcd
  if ('reason' in built.kubernetes) return built.kubernetes
  return { etcd: built.etcd.dir, kubernetes: built.kubernetes.dir }
}
