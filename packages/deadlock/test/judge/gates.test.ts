import { program } from '../programs/run.js';
import type { Outcome } from '../programs/shapes.js';

const guilty = program('guilty-gates');
const innocent = program('innocent-gates');
const minified = program('guilty-gates', { minify: true });

const summary = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ shape, outcome }) => `${outcome}: ${shape}`);
const all = (outcomes: readonly Outcome[], outcome: Outcome['outcome']): string[] =>
  outcomes.map(({ shape }) => `${outcome}: ${shape}`);

test('D1: a wait that only itself could end is refused, by a heap snapshot', async () => {
  const outcomes = await guilty.lines<Outcome>();
  expect(outcomes.length).toBeGreaterThan(15);
  expect(summary(outcomes)).toEqual(all(outcomes, 'refused'));
  expect(Object.fromEntries(outcomes.map(({ shape, cycle }) => [shape, cycle]))).toMatchObject({
    'its own gate': ['bootstrap of gate "shop" → gate "shop"'],
    'a step': ['bootstrap of gate "shop" → step "load" of gate "shop"', 'step "load" of gate "shop" → gate "shop"'],
    'two gates': ['bootstrap of gate "stock" → gate "shop"', 'bootstrap of gate "shop" → gate "stock"'],
    'two steps': [
      'step "second" of gate "shop" → step "first" of gate "shop"',
      'step "first" of gate "shop" → step "second" of gate "shop"',
    ],
  });
});

test('D1: it is refused in a program that was minified', async () => {
  const outcomes = await minified.lines<Outcome>();
  expect(summary(outcomes)).toEqual(all(outcomes, 'refused'));
});

test('D1: above the heap limit it is proven by one collection, and the flight fails', async () => {
  const outcomes = await guilty.lines<Outcome>('large-heap');
  expect(summary(outcomes)).toEqual(all(outcomes, 'refused'));
});

test('D2: what may still end is left alone, by a heap snapshot', async () => {
  const outcomes = await innocent.lines<Outcome>();
  expect(outcomes.length).toBeGreaterThan(14);
  expect(summary(outcomes)).toEqual(all(outcomes, 'opens'));
});

test('D2: what may still end is left alone above the heap limit', async () => {
  const outcomes = await innocent.lines<Outcome>('large-heap');
  expect(summary(outcomes)).toEqual(all(outcomes, 'opens'));
});
