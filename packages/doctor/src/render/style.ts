/** The page's style; colours are told apart by lightness and shape too. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #fff; --card: #f6f8fa; --line: #d0d7de;
  --good: #1a7f37; --bad: #b3261e; --warn: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9ba6b2; --paper: #0d1117; --card: #161b22;
  --line: #30363d; --good: #4cc35f; --bad: #ff8178; --warn: #e3b341; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font: 600 1.4rem/1.3 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h3 { font: 600 1rem/1.3 ui-monospace, monospace; margin: 0 0 .25rem; }
p { margin: .25rem 0; }
.dim { color: var(--dim); }
code, pre { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--card); padding: .75rem 1rem; border-radius: 6px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td { padding: .2rem 1rem .2rem 0; vertical-align: top; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
section { background: var(--card); border-left: 4px solid var(--bad); border-radius: 6px; padding: .75rem 1rem; margin: .75rem 0; }
section.warning { border-color: var(--warn); }
section a { color: inherit; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
.places { list-style: none; padding: 0; }
li.ok::marker { content: '✓  '; color: var(--good); }
.add { color: var(--good); } .remove { color: var(--bad); }
figure { margin: 1.5rem 0 0; overflow-x: auto; }
figcaption { color: var(--dim); font-size: .875rem; }
svg { width: 100%; min-width: 36rem; height: auto; display: block; }
svg text { fill: var(--dim); font: 12px ui-monospace, monospace; }
svg .axis { stroke: var(--line); } svg .mark { stroke: var(--dim); stroke-dasharray: 3 3; }
svg .good { fill: var(--good); } svg .bad { stroke: var(--bad); stroke-width: 2; fill: none; }
svg .wait { stroke: var(--good); opacity: .35; stroke-width: 3; }
`;
