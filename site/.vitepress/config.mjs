import { defineConfig } from 'vitepress';
import { slug } from '../markdown.mjs';
import { nav, sidebar } from '../navigation.mjs';
import { published } from '../../scripts/workspace.mjs';

const { version } = published.find(({ name }) => name === 'bootstrap-gate').manifest;
const repository = 'https://github.com/bootstrap-gate/bootstrap-gate';

export default defineConfig({
  srcDir: '.pages',
  outDir: 'dist',
  cacheDir: 'node_modules/.vitepress',
  base: '/bootstrap-gate/',
  lang: 'en',
  title: 'bootstrap-gate',
  description:
    'Listen immediately; hold requests until async startup finishes. If startup hangs, see which step and why.',
  // Of links inside the site; those of the built pages are checked with their anchors by check.mjs.
  ignoreDeadLinks: false,
  markdown: {
    anchor: { slugify: slug },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Nothing in the pages is Vue: a pair of braces is text.
    config: (md) => {
      const { text } = md.renderer.rules;
      md.renderer.rules.text = (...args) => text(...args).replaceAll('{{', '&#123;&#123;');
      // The corner of a table is no header of anything.
      md.renderer.rules.th_open = (tokens, index, options, _env, self) => {
        if (tokens[index + 1].content === '') for (const offset of [0, 2]) tokens[index + offset].tag = 'td';
        return self.renderToken(tokens, index, options);
      };
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: nav(version),
    sidebar: sidebar(),
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository, ariaLabel: 'The repository on GitHub' }],
    footer: { message: 'MIT licence' },
    docFooter: { prev: 'Previous page', next: 'Next page' },
  },
});
