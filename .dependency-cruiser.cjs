// Arrows run one way: examples → express, koa → node → core → deadlock; plan, conformance, telemetry, report → core. Every
// rule says why.

/** A package's own files, as a pattern; members are named once, at the rule that needs them. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^packages/${from}/src/` },
  to: { path: '^packages/', pathNot: `^packages/(${[from, ...allowed].join('|')})/src/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('deadlock-stands-alone', 'deadlock', [], 'The wait-for graph is useful without a gate, so it may know none.'),
    only('once-stands-alone', 'once', [], 'A step function is a function; also those without a gate may share work.'),
    only(
      'core-stands-on-deadlock',
      'core',
      ['deadlock'],
      'The core knows no framework and no node:http policy, so it can gate anything.',
    ),
    {
      name: 'core-knows-no-http',
      comment: 'A gate also serves queue consumers and functions; what is about HTTP belongs to the node package.',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: { path: '^(node:)?(http|https|http2|net)$', dependencyTypesNot: ['type-only'] },
    },
    only(
      'plan-stands-on-core',
      'plan',
      ['core'],
      'A plan is a bootstrap like any other; it serves gates of every kind.',
    ),
    only('node-stands-on-core', 'node', ['core'], 'The HTTP policy serves every adapter, so it may know none of them.'),
    only(
      'express-stands-on-node',
      'express',
      ['node', 'core'],
      'An adapter is a thin cover of the HTTP policy; two adapters must not grow into each other.',
    ),
    only(
      'koa-stands-on-node',
      'koa',
      ['node', 'core'],
      'An adapter is a thin cover of the HTTP policy; two adapters must not grow into each other.',
    ),
    only(
      'conformance-stands-on-core',
      'conformance',
      ['core'],
      'The checks judge adapters from outside, so they may not lean on the HTTP policy that they judge.',
    ),
    only(
      'telemetry-stands-on-core',
      'telemetry',
      ['core'],
      'Spans and metrics are made of what gates publish, so that they serve every adapter and none of them knows.',
    ),
    {
      name: 'one-telemetry-library-is-enough',
      comment: 'Each door has its library; what one of them imports must not make the other a must.',
      severity: 'error',
      from: { path: '^packages/telemetry/src/', pathNot: '/(trace-gates|flight-spans|wait-span)[.]ts$' },
      to: { path: '@opentelemetry' },
    },
    {
      name: 'one-metrics-library-is-enough',
      comment: 'Each door has its library; what one of them imports must not make the other a must.',
      severity: 'error',
      from: { path: '^packages/telemetry/src/', pathNot: '/(measure-gates|metrics)[.]ts$' },
      to: { path: 'prom-client' },
    },
    only(
      'report-stands-on-core',
      'report',
      ['core'],
      'A report is plain data, whatever the gate stands in front of: a server, a queue, a function.',
    ),
    {
      name: 'report-knows-core-by-its-types',
      comment: 'It reads reports that may come from another process, and must not bring a second copy of the gate.',
      severity: 'error',
      from: { path: '^packages/report/src/' },
      to: { path: '^packages/core/', dependencyTypesNot: ['type-only'] },
    },
    only(
      'soak-stands-outside',
      'soak',
      ['core', 'node', 'express', 'koa'],
      'It judges gates by what their users see, so it may not lean on the checks and fakes that others judge them with.',
    ),
    {
      name: 'soak-uses-the-index',
      comment: 'What it knows of a gate is what an application can know; the doors for adapters would show it more.',
      severity: 'error',
      from: { path: '^packages/soak/' },
      to: { path: '^packages/[^/]+/src/adapter[.]ts$' },
    },
    {
      name: 'fuzz-is-a-client',
      comment: 'It attacks the doors from outside; what shares code with its model would agree with its own mistakes.',
      severity: 'error',
      from: { path: '^packages/(?!fuzz/)' },
      to: { path: '^packages/fuzz/' },
    },
    only(
      'doctor-stands-on-deadlock',
      'doctor',
      ['deadlock'],
      'It examines applications that know nothing of a gate, so it may need none.',
    ),
    {
      name: 'preload-and-examiner-share-the-journal',
      comment:
        'They run in two processes; what they tell each other is in one file, and nothing else is loaded into the application.',
      severity: 'error',
      from: { path: '^packages/doctor/src/preload/' },
      to: { path: '^packages/doctor/src/', pathNot: '^packages/doctor/src/(preload/|journal-entry[.]ts)' },
    },
    {
      name: 'examiner-loads-no-preload',
      comment: 'The preload changes the process that it is loaded into.',
      severity: 'error',
      from: { path: '^packages/doctor/src/(?!preload/)' },
      to: { path: '^packages/doctor/src/preload/' },
    },
    {
      name: 'packages-know-no-examples',
      comment: 'Examples are for reading; nothing that is published may depend on them.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^examples/' },
    },
    {
      name: 'doors-only',
      comment:
        'A package has two doors, its index and ./adapter (telemetry: one for each library); whoever reaches past them depends on what may change any day.',
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/',
        pathNot: [
          '^packages/$2/',
          '^packages/[^/]+/src/(index|adapter)[.]ts$',
          '^packages/telemetry/src/(opentelemetry|prometheus)[.]ts$',
          '^packages/once/src/(postgres|file|redis)[.]ts$',
        ],
      },
    },
    {
      name: 'adapter-door-is-for-adapters',
      comment: 'Applications and examples use the index; ./adapter is for those who write adapters, and their checks.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^packages/[^/]+/src/adapter[.]ts$' },
    },
    {
      name: 'sources-know-no-tests',
      comment: 'What is published must not need what is not.',
      severity: 'error',
      from: { path: '^(packages|examples)/[^/]+/src/' },
      to: { path: '^(packages|examples)/[^/]+/(test|typetests)/' },
    },
    {
      name: 'frameworks-are-types-only',
      comment: 'The adapter gets its framework from the application; importing one would load a second copy.',
      severity: 'error',
      from: { path: '^packages/(express|koa)/src/' },
      to: { path: '(^|/)(express|koa)[0-9]?(/|$)', pathNot: '^packages/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'mutex-in-two-places',
      comment: 'Flights take turns by a mutex, and mutexes are traced; a further use would be a second lock order.',
      severity: 'error',
      from: {
        path: '^packages/',
        pathNot: [
          '^packages/core/src/turns[.]ts$',
          '^packages/deadlock/src/trace(d-semaphore|d-mutex|-mutex)[.]ts$',
          '^packages/[^/]+/(test|typetests)/',
          '^(packages/bench|examples)/',
        ],
      },
      to: { path: 'async-mutex' },
    },
    {
      name: 'async-hooks-in-one-place',
      comment: 'Context tracking has a price for the whole process on Node 20; one file pays it and can take it back.',
      severity: 'error',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: '^packages/((deadlock|core|conformance|once)/src/context|bench/src/incoming|doctor/src/preload/.+)[.]ts$',
      },
      to: { path: '^(node:)?async_hooks$' },
    },
    {
      name: 'diagnostics-channel-in-one-place',
      comment:
        'Channels are global names; one file per package publishes or listens, so that their list is in one place.',
      severity: 'error',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot:
          '^packages/((deadlock|once)/src/channel|core/src/channels|node/src/loopback|telemetry/src/listen|report/src/step-channel|bench/src/incoming|soak/src/arrivals|doctor/src/preload/servers)[.]ts$',
      },
      to: { path: '^(node:)?diagnostics_channel$' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle of imports makes the order of loading matter, and nobody remembers it.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be resolved escapes every other rule here.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The doctor's corpus has the mistakes that it is there for; two recipes have dependencies that are installed on first use.
    exclude: { path: '(^|/)dist/|^packages/doctor/test/(corpus|apps)/|^examples/recipes/(next|parse-server)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@bootstrap-gate/source', 'import', 'node', 'default', 'types'],
    },
  },
};
