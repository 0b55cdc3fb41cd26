// Colours and sizes of pictures: readable on light and dark pages, and for people who do not see red and green apart.

/** Custom properties change with the reader's own theme; the card brings its background along, so that text is never on a foreign one. */
export const style = `
  svg { --card: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --given: #0969da; --part: #7cb6f2; --reserved: #9a6700; --free: #eaeef2 }
  @media (prefers-color-scheme: dark) {
    svg { --card: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --given: #4493f8; --part: #1f4a85; --reserved: #d29922; --free: #212830 }
  }
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--ink) }
  .title { font-weight: 600; font-size: 14px }
  .faint { fill: var(--faint) }
  .card { fill: var(--card); stroke: var(--line) }
  .given { fill: var(--given) } .part { fill: var(--part) } .reserved { fill: var(--reserved) } .free { fill: var(--free); stroke: var(--line); stroke-width: .5 }
`

export const margin = 24
export const lineHeight = 18
/** Advance of a character of the monospaced 12 px font. */
export const advance = 7.3
export const width = 1040
