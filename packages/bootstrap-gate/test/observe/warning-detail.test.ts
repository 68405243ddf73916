import { prepareChildren } from '../child.js';

const children = prepareChildren();
afterAll(() => children.remove());

test('a failure that no caller hears is printed with its step, and with the stack of its cause', async () => {
  const { stderr } = await children.run(`
    function connect() { throw new Error('no database'); }
    createGate({ name: 'shop', eager: true, bootstrap: (boot) => boot.step('database', connect) });`);
  expect(stderr).toContain('The bootstrap failed: step "database" of gate "shop" failed: no database\n');
  expect(stderr).toMatch(/^Error: no database\n {4}at .*connect/m);
});

test('control codes in a stack are shown as escapes', async () => {
  const { stderr } = await children.run(`
    createGate({ eager: true, bootstrap: () => { throw new Error('\\u001b[31mred'); } });`);
  expect(stderr).toContain('Error: \\u001b[31mred');
  expect(stderr).not.toContain('\u001b');
});
