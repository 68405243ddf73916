import { createGate } from '../../src/index.js';
import { settled } from '../manual-clock.js';

// The bootstrap has long ended when something that it started, such as a lost connection, asks for a reset. The rollback
// works for the same flight, but does not wait for that code.
test.each(['reset', 'close'] as const)(
  'D2: %s() by what is left of a finished bootstrap is not refused',
  async (method) => {
    let loseConnection!: () => void;
    let ended!: Promise<void>;
    const stopped: string[] = [];
    const gate = createGate({
      bootstrap: {
        run: () => {
          ended = new Promise<void>((resolve) => (loseConnection = resolve)).then(() => gate[method]());
          return 'value';
        },
        stop: (value: string) => void stopped.push(value),
      },
    });
    await gate.ensureReady();
    await settled();
    loseConnection();
    await ended;
    expect(stopped).toEqual(['value']);
    expect(gate.state).toBe(method === 'reset' ? 'idle' : 'closed');
  },
);
