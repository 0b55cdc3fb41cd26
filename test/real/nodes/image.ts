// Container images made from files at hand, so that no test pulls one: OCI layout in a tar, as `ctr images import` reads it.
import { createHash } from 'node:crypto'

export interface Image {
  /** With a tag: `localhost/pause:test`. */
  readonly name: string
  /** Content of executables by path, no leading slash. */
  readonly files: Readonly<Record<string, Buffer>>
  readonly entrypoint: readonly string[]
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md */
export function imageTar({ name, files, entrypoint }: Image): Buffer {
  const platform = { architecture: architectures[process.arch] ?? process.arch, os: 'linux' }
  const layer = tar(Object.entries(files), 0o755)
  const config = json({ ...platform, config: { Entrypoint: entrypoint, Env: ['PATH=/bin'] }, rootfs: { type: 'layers', diff_ids: [digest(layer)] } })
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  })
  const annotations = { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name }
  const entry = { ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest), platform, annotations }
  const blobs = [layer, config, manifest].map((blob) => [`blobs/${digest(blob).replace(':', '/')}`, blob] as const)
  const index = json({ schemaVersion: 2, manifests: [entry] })
  return tar([['oci-layout', json({ imageLayoutVersion: '1.0.0' })], ['index.json', index], ...blobs], 0o644)
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const digest = (blob: Buffer) => `sha256:${createHash('sha256').update(blob).digest('hex')}`
const descriptor = (mediaType: string, blob: Buffer) => ({ mediaType, digest: digest(blob), size: blob.length })

const BLOCK = 512

/** ustar, paths below 100 characters: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar Interchange Format) */
function tar(entries: readonly (readonly [path: string, content: Buffer])[], mode: number): Buffer {
  const parts = entries.flatMap(([path, content]) => [header(path, content.length, mode), content, Buffer.alloc(-content.length & (BLOCK - 1))])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function header(path: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, offset: number, digits: number) => block.write(value.toString(8).padStart(digits, '0'), offset, 'latin1')
  block.write(path, 0, 100, 'utf8')
  octal(mode, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(0, 136, 11)
  block.write('0', 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  // The checksum is taken with its own eight bytes as spaces.
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  octal(sum, 148, 6)
  block.write('\0 ', 154, 'latin1')
  return block
}
