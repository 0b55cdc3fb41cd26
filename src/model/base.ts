// The two words that every other model file uses.

/** Where a fact was read: a path inside the bundle or cluster, as shown to people. */
export type Origin = string

/** Milliseconds since 1970. Rules never read a clock: time enters as `observedAt`. */
export type Time = number
