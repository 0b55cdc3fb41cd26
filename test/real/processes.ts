// Servers that a test starts: their output goes to files, they die with the test, and stopping waits until they are gone.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'

export interface Server {
  readonly name: string
  readonly pid: number
  /** Exit code or signal, once it has ended. */
  readonly ended: () => string | undefined
  /** The last lines of its output. */
  readonly tail: () => string
  /** Ends it by its process id. */
  readonly stop: () => Promise<void>
}

/** setpriv (util-linux) makes the kernel end the server when the test process dies, however it dies. */
export function startServer(name: string, file: string, args: readonly string[], logFile: string): Server {
  const log = openSync(logFile, 'a')
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'KILL', file, ...args], { stdio: ['ignore', log, log] })
  closeSync(log)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('error', () => {}) // no pid then: seen below
  if (child.pid === undefined) throw new Error(`${name} could not be started: is setpriv (package util-linux) there?`)
  return {
    name,
    pid: child.pid,
    ended: () => (child.exitCode ?? child.signalCode ?? undefined)?.toString(),
    tail: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n'),
    async stop() {
      // Nothing of it is kept, so there is nothing that a gentler signal would save.
      child.kill('SIGKILL')
      await closed
    },
  }
}

/** Ports on the loopback address that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer())
  await Promise.all(holders.map((holder) => new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))))
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port)
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))))
  return ports
}

/** Asks until the answer is not undefined. @throws Error with what was waited for, or at once when one of the servers has ended */
export async function until<T>(what: string, servers: readonly Server[], ask: () => Promise<T | undefined>, milliseconds = 60_000): Promise<T> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    for (const server of servers)
      if (server.ended() !== undefined) throw new Error(`${server.name} ended with ${server.ended()} before ${what}:\n${server.tail()}`)
    if (performance.now() > deadline)
      throw new Error(`waited ${milliseconds / 1000} s in vain for ${what}\n${servers.map((one) => `${one.name}:\n${one.tail()}`).join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
