import { FlightBook } from '../../src/soak/ledger/flight-book.js';

const gate = {};
const { signal } = new AbortController();

function book() {
  const complaints: string[] = [];
  return { complaints, book: new FlightBook((text) => complaints.push(text)) };
}

test('A5: two bootstraps of one gate at once are complained about, of two gates not', () => {
  const { book: flights, complaints } = book();
  const end = flights.beginBootstrap(gate, signal);
  flights.beginBootstrap({}, signal)();
  expect(complaints).toEqual([]);
  flights.beginBootstrap(gate, signal)();
  end();
  expect(complaints).toEqual([expect.stringContaining('A5')]);
});

test('A5: a bootstrap during a rollback is complained about', () => {
  const { book: flights, complaints } = book();
  const end = flights.beginStop(gate, flights.deliver('a value', {}, false));
  flights.beginBootstrap(gate, signal)();
  end();
  expect(complaints).toEqual(['A5: a bootstrap began while its gate was rolling back']);
});

test('A9, A4: a value that is never stopped is complained about, and one that is stopped twice', () => {
  const { book: flights, complaints } = book();
  flights.deliver('one', {}, false);
  const two = flights.deliver('two', {}, false);
  flights.beginStop(gate, two)();
  flights.beginStop(gate, two)();
  flights.close();
  expect(complaints).toEqual(['A9: two was stopped 2 times', 'A9, A4: one was never stopped']);
});

test('A9: values that are stopped in the order of their coming are complained about', () => {
  const { book: flights, complaints } = book();
  const attempt = {};
  const first = flights.deliver('the first', attempt, false);
  first.returnedAt = flights.moment();
  const second = flights.deliver('the second', attempt, false);
  for (const value of [first, second]) flights.beginStop(gate, value)();
  flights.close();
  expect(complaints).toEqual(['A9: the first was stopped before the second, which came after it']);
});

test('a listener that is left on a signal is complained about, and work that has not ended', () => {
  const { book: flights, complaints } = book();
  const abort = new AbortController();
  abort.signal.addEventListener('abort', () => {});
  flights.beginBootstrap(gate, abort.signal);
  flights.close();
  expect(complaints).toEqual([
    '1 bootstraps, steps or stops are still running',
    '1 listeners are left on the signal of a flight or a step',
  ]);
});
