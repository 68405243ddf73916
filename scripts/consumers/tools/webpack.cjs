require('webpack')(
  {
    mode: 'production',
    target: 'node',
    entry: './program.mjs',
    output: { path: __dirname, filename: 'webpacked.cjs' },
  },
  (error, stats) => {
    const failure = error ?? (stats.hasErrors() ? stats.toString() : undefined);
    if (failure) console.error(failure);
    process.exitCode = failure ? 1 : 0;
  },
);
