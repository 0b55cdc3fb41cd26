// Lets work that has left something elsewhere remove it when a signal ends the program; a second signal ends it at once.
import { exitCodes } from './exit-codes.ts'

const CODES = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated, SIGHUP: exitCodes.hangUp } as const
/** Milliseconds; nobody waits longer for a program that was told to end. */
const LONGEST = 5000

/** Runs `work`; while it runs, a signal runs `cleanup` before the program ends with the signal's code. */
export async function withCleanup<T>(work: () => Promise<T>, cleanup: () => Promise<void>): Promise<T> {
  let ending = false
  const listeners = Object.entries(CODES).map(([signal, code]) => {
    const others = process.listeners(signal as NodeJS.Signals)
    const listener = () => {
      if (ending) process.exit(code)
      ending = true
      setTimeout(() => process.exit(code), LONGEST)
      void cleanup().finally(() => process.exit(code))
    }
    // The listener of main.ts ends the program at once.
    process.removeAllListeners(signal).on(signal, listener)
    return { signal, listener, others }
  })
  try {
    const result = await work()
    // The signal is about to end the program; nothing of the rest must happen before.
    return ending ? await new Promise<never>(() => {}) : result
  } finally {
    if (!ending) {
      for (const { signal, listener, others } of listeners) {
        process.off(signal, listener)
        for (const other of others) process.on(signal, other)
      }
    }
  }
}
