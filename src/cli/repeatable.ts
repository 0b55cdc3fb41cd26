// A flag that may be given several times, each time with one value: what follows it is the command's own argument (`explain --from bundle/ 10.244.1.7`).
export const repeatable = { multiple: true, multipleNonGreedy: true } as const
