/** Light by default, dark where the reader prefers it. Every rule is bound to the picture, which may stand in a page. */
const fixed = {
  text: 'font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre',
  '.title': 'font:600 15px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif',
  '.small': 'font-size:11px',
  '.strong': 'font-weight:700',
  '.end': 'text-anchor:end',
  '.middle': 'text-anchor:middle',
  '.stripes': 'stroke-dasharray:2 4',
};

interface Palette {
  readonly page: string;
  readonly ink: string;
  readonly quiet: string;
  readonly grid: string;
  readonly bad: string;
  readonly herd: readonly [fill: string, line: string];
  /** The colour of each outcome, and a paler one to put stripes of it on. */
  readonly outcomes: Readonly<
    Record<'done' | 'running' | 'failed' | 'aborted', readonly [strong: string, pale: string]>
  >;
}

const light: Palette = {
  page: '#ffffff',
  ink: '#1f2328',
  quiet: '#59636e',
  grid: '#d8dee4',
  bad: '#b31d28',
  herd: ['#fbe4ae', '#9a6700'],
  outcomes: {
    done: ['#2a78c2', '#e3f0fc'],
    running: ['#8250df', '#efe6ff'],
    failed: ['#cf222e', '#ffe5e7'],
    aborted: ['#818b98', '#eceff2'],
  },
};

const dark: Palette = {
  page: '#0d1117',
  ink: '#e6edf3',
  quiet: '#9198a1',
  grid: '#2d333b',
  bad: '#ff7b72',
  herd: ['#4a3a12', '#d29922'],
  outcomes: {
    done: ['#4493f8', '#0f2138'],
    running: ['#ab7df8', '#231638'],
    failed: ['#f85149', '#371316'],
    aborted: ['#7d8590', '#1c2128'],
  },
};

export const style = `${rules(colours(light))}${rules(fixed)}@media (prefers-color-scheme:dark){${rules(colours(dark))}}`;

function colours({ page, ink, quiet, grid, bad, herd, outcomes }: Palette): Record<string, string> {
  const bars = Object.entries(outcomes).flatMap(([outcome, [strong, pale]]) => [
    [`.${outcome}`, `fill:${strong}`],
    [`.wait-${outcome}`, `fill:${pale};stroke:${strong}`],
    [`.stripes-${outcome}`, `stroke:${strong}`],
  ]);
  return {
    '.page': `fill:${page}`,
    text: `fill:${ink}`,
    '.quiet': `fill:${quiet}`,
    '.bad': `fill:${bad}`,
    '.grid': `stroke:${grid}`,
    '.herd': `fill:${herd[0]};stroke:${herd[1]}`,
    ...Object.fromEntries(bars),
  };
}

function rules(declarations: Readonly<Record<string, string>>): string {
  return Object.entries(declarations)
    .map(([selector, declaration]) => `.boot-timeline ${selector}{${declaration}}`)
    .join('');
}
