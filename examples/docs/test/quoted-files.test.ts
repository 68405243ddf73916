import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, page, root } from './lib/markdown.js';

const quoted = [
  ['docs/guides/kubernetes.md', 'examples/shutdown/deployment.yaml'],
  ['docs/guides/behind-nginx-and-haproxy.md', 'examples/behind-a-proxy/nginx/shop.conf'],
  ['docs/guides/behind-nginx-and-haproxy.md', 'examples/behind-a-proxy/haproxy.cfg'],
];

test.each(quoted)('%s shows %s as it is', (guide = '', file = '') => {
  const blocks = codeBlocks(page(guide)).map(({ code }) => code);
  expect(blocks).toContain(readFileSync(join(root, file), 'utf8'));
});
