// One node as its runtime drives it: real ADDs and DELs against the real host-local, kills in between, reboots; and what must be on disk afterwards.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CniCall, cniExec, cniProcess } from '../plugins.ts'
import { bridgeConfig } from './config-case.ts'
import type { Random } from './random.ts'

export interface NodeSpec {
  readonly network: string
  /** One subnet per range set. */
  readonly subnets: readonly string[]
  /** Parent of the network's state directory; written below it by the plugin only. */
  readonly dataDir: string
  readonly random: Random
  /** Time of the story in milliseconds; files get it as their modification time. */
  readonly now: () => number
}

/** Why a file outlived its sandbox. */
export type Fate = 'killed-add' | 'killed-del' | 'forgotten' | 'before-boot'

export interface Attachment {
  readonly sandbox: string
  /** What ADD answered, without prefix lengths; one per range set. */
  readonly addresses: readonly string[]
}

/** A file that must be on disk. */
export interface ExpectedFile {
  readonly address: string
  readonly sandbox: string
  readonly since: number
  /** Bytes, as latin1 text. */
  readonly text: string
}

export type AddAnswer = { readonly attachment: Attachment } | { readonly error: string }

export interface RunningNode {
  /** Sandboxes that the runtime knows. */
  readonly live: ReadonlyMap<string, Attachment>
  /** By address: every file that must be there. */
  readonly files: ReadonlyMap<string, ExpectedFile>
  /** How sandboxes that are not live any more ended, where that was not an orderly DEL. */
  readonly fates: ReadonlyMap<string, Fate>
  /** Time of the last boot in milliseconds; undefined before the first reboot. */
  readonly bootTime: number | undefined
  add(): AddAnswer
  del(sandbox: string): void
  /** Starts an ADD, kills the plugin at some moment, and forgets the sandbox, as a runtime that is killed with it does. Resolves to the addresses left behind. */
  killDuringAdd(): Promise<readonly string[]>
  killDuringDel(sandbox: string): Promise<void>
  /** The pod goes away and nobody sends the DEL (force-deleted while the runtime was down). */
  forget(sandbox: string): void
  /** All sandboxes are gone, all files stay. With `emptied`, so many of the newest files lost their content: the plugin never calls fsync. */
  reboot(emptied?: number): void
  /** The state directory is removed under running pods. */
  loseState(): void
  /** Address files as they are on disk now. */
  disk(): Map<string, string>
}

export function runNode(spec: NodeSpec): RunningNode {
  const { network, dataDir, random, now } = spec
  const folder = join(dataDir, network)
  const config = bridgeConfig({ ranges: spec.subnets.map((subnet) => [{ subnet }]) }, { name: network })
  const live = new Map<string, Attachment>()
  const files = new Map<string, ExpectedFile>()
  const fates = new Map<string, Fate>()
  let bootTime: number | undefined
  /** Running mean of an ADD in milliseconds, so that kills hit all of its phases on any machine. */
  let typical = 5

  const call = (command: CniCall['command'], containerId: string): CniCall => ({ command, plugin: 'host-local', containerId, config, dataDir })
  const disk = () => {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'lock' && !name.startsWith('last_reserved_ip.')) : []
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]))
  }
  const record = (sandbox: string, address: string, text: string) => {
    const since = now()
    files.set(address, { address, sandbox, since, text })
    utimesSync(join(folder, address), since / 1000, since / 1000)
  }
  const end = (sandbox: string, fate: Fate) => {
    live.delete(sandbox)
    fates.set(sandbox, fate)
  }
  const killed = async (command: 'ADD' | 'DEL', sandbox: string) => {
    const { file, args, env, input } = cniProcess(call(command, sandbox))
    // A pipe would be written and closed only after the wait, and the plugin does nothing before the end of its input.
    const inputFile = join(tmpdir(), `ipam-stdin-${sandbox.slice(0, 16)}`)
    writeFileSync(inputFile, input)
    const stdin = openSync(inputFile, 'r')
    try {
      const child = spawn(file, args, { env, stdio: [stdin, 'ignore', 'ignore'] })
      spin(random.next() * typical * 1.5)
      child.kill('SIGKILL')
      await ended(child)
    } finally {
      closeSync(stdin)
      rmSync(inputFile)
    }
  }

  return {
    live,
    files,
    fates,
    get bootTime() {
      return bootTime
    },
    disk,
    add() {
      const sandbox = random.hex(64)
      const started = performance.now()
      const { result, error } = cniExec(call('ADD', sandbox))
      typical += (performance.now() - started - typical) / 10
      if (error !== undefined) return { error: error.msg }
      const addresses = (result?.ips ?? []).map((ip) => ip.address.split('/')[0] as string)
      for (const address of addresses) record(sandbox, address, `${sandbox}\r\neth0`)
      const attachment = { sandbox, addresses }
      live.set(sandbox, attachment)
      return { attachment }
    },
    del(sandbox) {
      const { error } = cniExec(call('DEL', sandbox))
      if (error !== undefined) throw new Error(error.msg)
      live.delete(sandbox)
      for (const file of files.values()) if (file.text.startsWith(sandbox)) files.delete(file.address)
    },
    async killDuringAdd() {
      const sandbox = random.hex(64)
      await killed('ADD', sandbox)
      const left = [...disk()].filter(([address]) => !files.has(address))
      for (const [address, text] of left) record(sandbox, address, text)
      end(sandbox, 'killed-add')
      return left.map(([address]) => address)
    },
    async killDuringDel(sandbox) {
      await killed('DEL', sandbox)
      const there = disk()
      for (const file of files.values()) if (file.sandbox === sandbox && !there.has(file.address)) files.delete(file.address)
      end(sandbox, 'killed-del')
    },
    forget: (sandbox) => end(sandbox, 'forgotten'),
    reboot(emptied = 0) {
      bootTime = now()
      for (const sandbox of [...live.keys()]) end(sandbox, 'before-boot')
      const newest = [...files.values()].sort((a, b) => b.since - a.since).slice(0, emptied)
      for (const file of newest) {
        truncateSync(join(folder, file.address))
        utimesSync(join(folder, file.address), file.since / 1000, file.since / 1000)
        files.set(file.address, { ...file, text: '' })
      }
    },
    loseState() {
      rmSync(folder, { recursive: true, force: true })
      files.clear()
    },
  }
}

/** Timers are a millisecond coarse; an ADD takes only a few. */
function spin(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.once('close', () => resolve()))
