// Whoever runs the tests may force colour, and vitest does in a terminal. Node warns when both variables are set, even to nothing, so the one must go.
delete process.env['FORCE_COLOR']
