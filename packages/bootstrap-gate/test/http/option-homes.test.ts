/** `createGate` knows the names of a door's options, to say where they belong. */
import { admissionRules } from '../../src/http/read-options.js';
import { createGate } from '../../src/index.js';

test.each([...Object.keys(admissionRules), 'gate'])('Errors: createGate says where %s belongs', (name) => {
  const options: object = { bootstrap: () => 1, [name]: true };
  expect(() => createGate(options as { bootstrap: () => number })).toThrow(`option "${name}" belongs to bootstrapGate`);
});
