/** Tracers that fail, come late, or do not sample: the gates never notice. */
import { createGate, type Gate } from '../../src/index.js';
import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { AlwaysOffSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { traceGates, type TraceOptions } from '../../src/telemetry/opentelemetry.js';
import { Recorder } from './spans.js';
import { atEnd, warnings } from './support.js';

/** Flight, steps, progress, retries, a verdict, a failure: everything that is traced. */
async function boot(): Promise<void> {
  let calls = 0;
  const gate: Gate<unknown> = createGate({
    deadlock: 'warn',
    retry: { attempts: 2, delayMs: 0 },
    bootstrap: async (boot) => {
      void gate.ensureReady();
      await boot.step('load', ({ progress }) => progress(1));
      await boot.step('cache', () => Promise.reject(new Error('no')), { optional: true });
      if (++calls === 1) throw new Error('once');
    },
  });
  await gate.ensureReady();
  await gate.close();
}

const failing = (): never => {
  throw new Error('the exporter is full');
};

/** A provider of spans of which one method throws. */
function breaking(method: string): TracerProvider {
  const provider = new Recorder().provider;
  const startSpan: Tracer['startSpan'] = (...args) => {
    if (method === 'startSpan') failing();
    return Object.assign(provider.getTracer('breaking').startSpan(...args), { [method]: failing });
  };
  return { getTracer: () => ({ startSpan }) as Tracer };
}

test.each(['startSpan', 'end', 'addEvent', 'setAttribute', 'recordException', 'setStatus', 'spanContext'])(
  'a %s that throws never breaks a boot, and is one warning',
  async (method) => {
    const told = warnings();
    const stop = traceGates({ tracerProvider: breaking(method) });
    atEnd(stop);
    await boot();
    await boot();
    stop();
    const ours = told.filter(({ code }) => code === 'GATE_CALLBACK_FAILED');
    expect(ours).toHaveLength(1);
    expect(ours[0]?.message).toBe('traceGates failed: the exporter is full (told once; the gates go on)');
    expect(ours[0]?.cause).toMatchObject({ message: 'the exporter is full' });
  },
);

test('a processor that throws never breaks a boot, and is one warning', async () => {
  const told = warnings();
  const processor = {
    onStart() {},
    onEnd: failing,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  atEnd(traceGates({ tracerProvider: new BasicTracerProvider({ spanProcessors: [processor] }) }));
  await boot();
  expect(told.map(({ code }) => code).filter((code) => code === 'GATE_CALLBACK_FAILED')).toHaveLength(1);
});

test('each subscription warns for itself', async () => {
  const told = warnings();
  for (let n = 0; n < 2; n++) atEnd(traceGates({ tracerProvider: breaking('startSpan') }));
  await boot();
  expect(told.filter(({ code }) => code === 'GATE_CALLBACK_FAILED')).toHaveLength(2);
});

test('the provider may be registered after the subscription', async () => {
  warnings();
  const recorder = new Recorder();
  recorder.traceGates({});
  await boot(); // nobody is there yet
  trace.setGlobalTracerProvider(recorder.provider);
  atEnd(() => trace.disable());
  expect(recorder.spans).toEqual([]);
  await boot();
  expect(recorder.one('flight bootstrap').instrumentationScope.name).toBe('bootstrap-gate');
});

test('flights that are not sampled boot all the same', async () => {
  const told = warnings();
  const stop = traceGates({ tracerProvider: new BasicTracerProvider({ sampler: new AlwaysOffSampler() }) });
  await boot();
  stop();
  expect(told.filter(({ code }) => code === 'GATE_CALLBACK_FAILED')).toEqual([]);
});

test.each([
  [{ tracerProvider: {} }, 'traceGates: option "tracerProvider" must be a TracerProvider, not an object'],
  [{ tracerProvider: null }, 'traceGates: option "tracerProvider" must be a TracerProvider, not null'],
  [{ tracer: {} }, 'traceGates: unknown option "tracer"; known are tracerProvider'],
  ['shop', 'traceGates: the options must be an object'],
])('a wrong option is a TypeError that names it: %j', (options, message) => {
  expect(() => traceGates(options as TraceOptions)).toThrow(new TypeError(message));
});
