// How the page looks: on a phone, on a screen, on paper, in the light and in the dark. Contrasts are at least 4.5:1 (WCAG 2.2 AA).
export const pageStyle = `
:root { color-scheme: light dark; --page: #ffffff; --card: #f6f8fa; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --link: #0550ae;
  --bad: #b3261e; --bad-back: #fff0ee; --warn: #7a4e00; --warn-back: #fff5d6; --good: #116329; --good-back: #e6f6ea; --calm: #3f4953; --calm-back: #eaeef2;
  --given: #0969da; --part: #7cb6f2; --reserved: #9a6700; --free: #eaeef2; --full: #c4321f }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --card: #161b22; --ink: #e6edf3; --faint: #9da7b3; --line: #3d444d; --link: #79b8ff;
    --bad: #ff9d94; --bad-back: #3b1513; --warn: #f0c268; --warn-back: #35270a; --good: #7ee097; --good-back: #0f2a18; --calm: #b6c0cb; --calm-back: #212830;
    --given: #4493f8; --part: #1f4a85; --reserved: #d29922; --free: #212830; --full: #f0705f }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere }
main, footer { max-width: 72rem; margin: 0 auto; padding: 1rem clamp(.75rem, 3vw, 2rem) }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 } h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line) }
h3 { font-size: 1.05rem; margin: 0 } h4 { font-size: 1rem; margin: 1rem 0 .25rem }
p { margin: .35rem 0 } ul, ol { margin: .35rem 0; padding-left: 1.5rem } li { margin: .15rem 0 }
.kind { color: var(--faint); margin: 0 } .faint { color: var(--faint) }
.banner { border: 1px solid currentColor; border-left-width: .5rem; border-radius: .375rem; padding: .6rem .9rem; margin: 1rem 0; font-weight: 600 }
.banner ul { font-weight: 400 }
.bad { color: var(--bad); background: var(--bad-back) } .warn { color: var(--warn); background: var(--warn-back) }
.good { color: var(--good); background: var(--good-back) } .calm { color: var(--calm); background: var(--calm-back) }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; font-weight: 600; white-space: nowrap }
.counts { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem }
.finding { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0 }
.finding header { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
.case { margin: .75rem 0; padding-left: .75rem; border-left: 3px solid var(--line) }
dl { display: grid; grid-template-columns: minmax(5.5rem, max-content) 1fr; gap: .1rem .75rem; margin: .35rem 0; font-size: .9rem }
dt { color: var(--faint) } dd { margin: 0 } dd ul { margin: 0; padding-left: 1.1rem }
summary { cursor: pointer; color: var(--link) } .fold { margin: .75rem 0 }
.scroll { overflow-x: auto } .scroll:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal }
caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
thead th { color: var(--faint); font-size: .8rem; white-space: nowrap } tbody th { font-weight: 600 } .right { text-align: right; min-width: 0 }
td, tbody th { overflow-wrap: anywhere; min-width: 12rem } .short { white-space: nowrap; min-width: 0 }
.use { white-space: nowrap; min-width: 10rem } .bar { width: 6rem; height: .75rem; vertical-align: -.05rem; margin-right: .5rem }
.bar .free { fill: var(--free); stroke: var(--line); stroke-width: .5 } .bar .given { fill: var(--given) } .bar .near { fill: var(--reserved) } .bar .full { fill: var(--full) }
figure { margin: 1rem 0 } figcaption { font-weight: 600; padding: .5rem 0 } .map { min-width: 46rem; width: 100%; height: auto; display: block }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
footer { color: var(--faint); font-size: .85rem; border-top: 1px solid var(--line); margin-top: 2rem }
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff }
  body { font-size: 10pt } h2, h3, h4, caption { break-after: avoid } .finding header, .case, tr { break-inside: avoid } thead { display: table-header-group }
  .banner, .badge, .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .scroll { overflow: visible } .map { min-width: 0 } details::details-content { content-visibility: visible; block-size: auto } summary { list-style: none }
}
`
