// The library under a name of our own: it is CommonJS, and its types promise a default export that it does not have.

import type { Builder } from 'junit-report-builder'
import library from 'junit-report-builder'

export type { Builder, TestCase } from 'junit-report-builder'

/** A report of its own. */
export const createReport = (): Builder => (library as unknown as Builder).newBuilder()
