// Who may import whom. Arrows run one way; each rule says why.
//
//   doors → http → wiring → startup → gate → observe → kit → @bootstrap-gate/deadlock
//
// `docs/architecture.md` shows the same as a map.

const gate = 'packages/bootstrap-gate/src';

/** What a floor of bootstrap-gate may stand on: the named floors and files, `kit` and itself. */
const floor = (name, allowed, comment) => ({
  name: `floor-${name}`,
  comment,
  severity: 'error',
  from: { path: `^${gate}/${name}/` },
  to: { path: `^${gate}/`, pathNot: `^${gate}/(${[name, 'kit', ...allowed].join('|')})(/|[.]ts$)` },
});

/** Which other packages the sources of a package may know. */
const standsOn = (name, allowed, comment) => ({
  name: `package-${name}`,
  comment,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
});

/** Entry points: what `package.json` exports. */
const entryPoints = [
  `^${gate}/(index|adapter|shutdown)[.]ts$`,
  `^${gate}/doors/(express|koa|fastify|hono|fetch|nest)([.]ts|/index[.]ts)$`,
  `^${gate}/(doors/node|report)/index[.]ts$`,
  `^${gate}/telemetry/(opentelemetry|prometheus)[.]ts$`,
  '^packages/deadlock/src/(index|adapter|why)[.]ts$',
  '^packages/once/src/(index|postgres|file|redis)[.]ts$',
  '^packages/(conformance|doctor)/src/index[.]ts$',
];

/** Only these files may use a module that hooks into the whole process. */
const onlyIn = (name, module, files, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^packages/[^/]+/src/', pathNot: `^packages/(${files.join('|')})[.]ts$` },
  to: { path: `^(node:)?${module}$` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    floor(
      'kit',
      [],
      'The ground: types, errors, clock, option checks. What everything stands on can stand on nothing.',
    ),
    floor('observe', [], 'What is recorded and reported is plain data about a gate, and cannot move one.'),
    floor('gate', ['observe'], 'A gate knows that something opens it (its interface Startup), and not what.'),
    floor('startup', ['gate', 'observe'], 'What opens a gate moves it by the methods that the gate offers.'),
    floor('plan', ['startup'], 'A plan is a bootstrap like any other; it uses what any bootstrap could.'),
    floor(
      'http',
      ['create-gate', 'gate-options', 'gate', 'observe'],
      'HTTP as policy: it decides from plain facts, so that it serves every door and knows none of them.',
    ),
    floor(
      'doors',
      ['http', 'gate', 'public-types'],
      'A door turns one framework into facts, and answers into its words.',
    ),
    floor('report', ['public-types'], 'A report is plain data that may come from another process.'),
    floor('telemetry', ['public-types'], 'Spans and metrics are made of what the channels publish, by whatever gate.'),
    {
      name: 'wiring-knows-no-http',
      comment: 'A gate also serves queue consumers and functions, which have no requests.',
      severity: 'error',
      from: { path: `^${gate}/(create-gate|gate-options)[.]ts$` },
      to: { path: `^${gate}/(http|doors|report|telemetry)/` },
    },
    {
      name: 'http-knows-no-socket',
      comment: 'Below the doors nothing is about Node: the same policy runs in workers that have no node:http.',
      severity: 'error',
      from: { path: `^${gate}/(?!doors/|telemetry/|report/|shutdown[.]ts)` },
      to: { path: '^(node:)?(http|https|http2|net|tls|stream)$' },
    },
    {
      name: 'kit-brings-no-gate-to-report',
      comment: 'What draws reports must not bring a second copy of the gate.',
      severity: 'error',
      from: { path: `^${gate}/report/` },
      to: { path: `^${gate}/(?!report/)`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'doors-know-no-other-door',
      comment:
        'Two adapters must not grow into each other; what they share is on the http floor, or in doors/node and doors/web.',
      severity: 'error',
      from: { path: `^${gate}/doors/([^/]+)[.]ts$` },
      to: { path: `^${gate}/doors/(express|koa|fastify|hono|fetch|nest)[.]ts$`, pathNot: `^${gate}/doors/$1[.]ts$` },
    },
    {
      name: 'frameworks-are-types-only',
      comment: 'The application brings its framework; importing one would load a second copy.',
      severity: 'error',
      from: { path: `^${gate}/` },
      to: {
        path: '(^|/)node_modules/(express|koa|fastify|hono)[0-9]?/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'one-telemetry-library-is-enough',
      comment: 'Each entry point has its library; what one of them imports must not make the other a must.',
      severity: 'error',
      from: { path: `^${gate}/`, pathNot: `^${gate}/telemetry/(trace-gates|flight-spans|wait-span)[.]ts$` },
      to: { path: '@opentelemetry' },
    },
    {
      name: 'one-metrics-library-is-enough',
      comment: 'Each entry point has its library; what one of them imports must not make the other a must.',
      severity: 'error',
      from: { path: `^${gate}/`, pathNot: `^${gate}/telemetry/(measure-gates|metrics)[.]ts$` },
      to: { path: 'prom-client' },
    },
    standsOn('bootstrap-gate', ['deadlock'], 'The gate knows nothing of what examines, judges or shares its start.'),
    standsOn('deadlock', [], 'Locks, pools and awaits are useful to look at without a gate, so it may know none.'),
    standsOn('once', [], 'A step function is a function; those without a gate may share work between replicas, too.'),
    standsOn('conformance', ['bootstrap-gate'], 'The checks judge adapters from outside.'),
    standsOn('doctor', ['deadlock'], 'It examines applications that know nothing of a gate, so it may need none.'),
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
      name: 'entry-points-only',
      comment: 'What a package does not export may change any day.',
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/' },
      to: { path: '^packages/[^/]+/src/', pathNot: ['^packages/$2/', ...entryPoints] },
    },
    {
      name: 'adapter-is-for-adapters',
      comment: 'What judges gates, or shows how to use them, may know only what an application can know.',
      severity: 'error',
      from: { path: '^(examples|packages/(conformance|verification))/', pathNot: '^examples/docs/' },
      to: { path: `^${gate}/adapter[.]ts$` },
    },
    {
      name: 'fuzz-is-a-client',
      comment: 'It attacks the doors from outside; what shares code with its model would agree with its own mistakes.',
      severity: 'error',
      from: { path: '^packages/(?!verification/)' },
      to: { path: '^packages/verification/' },
    },
    {
      name: 'packages-know-no-examples',
      comment: 'Examples are for reading; nothing that is published may depend on them.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^examples/' },
    },
    {
      name: 'sources-know-no-tests',
      comment: 'What is published must not need what is not.',
      severity: 'error',
      from: { path: '^(packages|examples)/[^/]+/src/' },
      to: { path: '^(packages|examples)/[^/]+/(test|typetests)/' },
    },
    {
      name: 'mutex-in-two-places',
      comment: 'Flights take turns by a mutex, and locks are traced; a further use would be a second lock order.',
      severity: 'error',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: [
          `^${gate}/startup/bootstrap/bootstrap-startup[.]ts$`,
          '^packages/deadlock/src/locks/',
          '^packages/bench/',
        ],
      },
      to: { path: 'async-mutex' },
    },
    onlyIn(
      'async-hooks-in-one-place',
      'async_hooks',
      [
        '(deadlock|conformance|once)/src/context',
        'bootstrap-gate/src/kit/context',
        'bench/src/incoming',
        'doctor/src/preload/.+',
      ],
      'Context tracking has a price for the whole process on Node 20; one file pays it and can take it back.',
    ),
    onlyIn(
      'diagnostics-channel-in-one-place',
      'diagnostics_channel',
      [
        '(deadlock|once)/src/channel',
        'deadlock/src/open/record',
        'bootstrap-gate/src/observe/channels',
        'bootstrap-gate/src/doors/node/loopback',
        'bootstrap-gate/src/telemetry/listen',
        'bootstrap-gate/src/report/step-channel',
        'bench/src/incoming',
        'verification/src/soak/arrivals',
        'doctor/src/preload/servers',
      ],
      'Channels are global names; a file for each purpose publishes or listens, so that their list is in one place.',
    ),
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or one of them is on the wrong floor; types count.',
      severity: 'error',
      from: { path: '^(packages/(bootstrap-gate|conformance|doctor|once|verification)|examples/[^/]+)/src/' },
      to: { circular: true },
    },
    {
      name: 'no-cycles-of-values',
      comment: 'A cycle of imports makes the order of loading matter, and nothing shows it.',
      severity: 'error',
      // A hang of the corpus is such a cycle.
      from: { pathNot: '/test/corpus/' },
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
