import { plan } from '../../src/index.js';

test('G1: names of a megabyte are drawn in linear time, with nothing in them that Mermaid would take for its own', () => {
  const name = '"];\n%%{init}%% <script>'.repeat(40_000);
  const drawn = plan()
    .step(name, () => 1)
    .step('next', [name], () => 2)
    .toMermaid();
  expect(drawn).not.toMatch(/<script>|%%\{/);
});
