import { createGate, type Gate, type GateReport } from '../../src/index.js';
import * as report from '../../src/report/index.js';
import { reportOf } from './support/reports.js';

const { blame, criticalChain, toSvg, toMermaid, toChromeTrace } = report;

describe.each(Object.entries({ blame, criticalChain, toSvg, toMermaid, toChromeTrace }))('%s', (name, show) => {
  test.each([undefined, null, 'report', {}, { attempts: 'none' }])('refuses %p, and says what it takes', (wrong) => {
    expect(() => show(wrong as never)).toThrow(
      new TypeError(`${name}: the report must be what gate.report() returned, with its attempts`),
    );
  });

  test('refuses a gate in place of its report', () => {
    const gate = createGate({ bootstrap: () => 1 });
    expect(() => show(gate as unknown as GateReport)).toThrow(
      new TypeError(`${name}: this is a gate; give its report, gate.report()`),
    );
  });
});

test.each(Object.entries({ toSvg, toChromeTrace }))('%s refuses options that it does not have', (name, show) => {
  expect(() => show(reportOf([]), { heard: 1 } as never)).toThrow(
    new TypeError(`${name}: there is no option "heard"; there is "herd"`),
  );
  expect(() => show(reportOf([]), { herd: [] } as never)).toThrow(
    new TypeError(`${name}: "herd" must be what recordHerd(gate) returned`),
  );
  expect(() => show(reportOf([]), null as never)).toThrow(new TypeError(`${name}: the options must be an object`));
});

test.each(['recordHerd', 'reportToTerminal'] as const)('%s refuses what is no gate', (name) => {
  for (const wrong of [undefined, {}, createGate({ bootstrap: () => 1 }).report()]) {
    expect(() => report[name](wrong as unknown as Gate)).toThrow(
      new TypeError(`${name}: the gate must be one that createGate or bootstrapGate made (there: its .gate)`),
    );
  }
});

test('reportToTerminal refuses wrong options, also where it would be silent', () => {
  const gate = createGate({ bootstrap: () => 1 });
  const tell = (options: unknown) => () => report.reportToTerminal(gate, options as report.TerminalOptions);
  expect(tell({ stream: 'stderr' })).toThrow(new TypeError('reportToTerminal: "stream" must be a writable stream'));
  expect(tell({ live: 'yes' })).toThrow(new TypeError('reportToTerminal: "live" must be true or false'));
  expect(tell({ colour: true })).toThrow(
    new TypeError('reportToTerminal: there is no option "colour"; there is "stream", "live"'),
  );
});
