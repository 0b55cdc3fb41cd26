// Makes oclif.manifest.json, from which the program knows its commands and flags without loading them.
import { Plugin, settings } from '@oclif/core'

/** @param root folder with package.json and a fresh dist/ */
export async function freshManifest(root) {
  settings.enableAutoTranspile = false // read what is built, not the sources
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true })
  await plugin.load()
  return `${JSON.stringify(plugin.manifest, null, 2)}\n`
}
