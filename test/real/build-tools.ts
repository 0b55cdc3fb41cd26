// Builds what the real tests run before any of them starts, so that no test waits for a compiler and no two build the same.
import { controlPlaneTools } from './tools.ts'

export async function setup(): Promise<void> {
  await controlPlaneTools()
}
