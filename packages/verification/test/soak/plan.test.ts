import { adaptersNamed, planRound } from '../../src/soak/plan/plan-round.js';
import { adapterNames, type ClientKind } from '../../src/soak/plan/types.js';

const many = Array.from({ length: 200 }, (_, round) => round);

test('the same seed and round give the same plan, others give others', () => {
  expect(planRound(1, 5)).toEqual(planRound(1, 5));
  const plans = new Set([planRound(1, 5), planRound(1, 13), planRound(2, 5)].map((plan) => JSON.stringify(plan)));
  expect(plans.size).toBe(3);
});

test('every adapter has its turn, and every kind of client, command and trouble comes up', () => {
  const plans = many.map((round) => planRound(3, round));
  const has = <T>(values: readonly T[]): Set<T> => new Set(values);
  expect(has(plans.map(({ adapter }) => adapter))).toEqual(has(adapterNames));
  const kinds = has(plans.flatMap(({ clients }) => clients.map(({ kind }) => kind)));
  const http1: ClientKind[] = [
    'single',
    'keep-alive',
    'pipeline',
    'slow-upload',
    'leaver',
    'body-leaver',
    'half-closer',
  ];
  expect(kinds).toEqual(has<ClientKind>([...http1, 'expecter', 'upgrader', 'session', 'prober', 'caller']));
  const commands = has(plans.flatMap(({ commands }) => commands.map(({ does }) => does)));
  expect(commands).toEqual(has(['reset', 'drain', 'close', 'shutdown', 'renew']));
  const work = plans.flatMap(({ sites }) =>
    sites.flatMap(({ flights }) => flights.flat().map(({ work }) => work.does)),
  );
  expect(has(work)).toEqual(has(['succeeds', 'fails', 'stalls', 'ignores']));
});

test('a plan is data: it survives being printed', () => {
  const plan = planRound(4, 2);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('adapters are chosen by the beginning of their names', () => {
  expect(adaptersNamed('express')).toEqual(['express4', 'express5']);
  expect(adaptersNamed('node')).toEqual(['node']);
  expect(() => adaptersNamed('hapi')).toThrow('no adapter');
});
