// Builds what the real tests run before any of them starts, so that no test waits for a compiler and no two build the same.
import { buildGoModule } from './go-module.ts'
import { controlPlaneTools, whereabouts } from './tools.ts'

export async function setup(): Promise<void> {
  const built = await controlPlaneTools()
  if (!('reason' in built)) await buildGoModule(whereabouts)
}
