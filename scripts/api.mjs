// Compares the public API of every entry point with its report in etc/; `--update` writes the reports. Needs a build.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { mkdirSync } from 'node:fs';
import { entryPoints, published, root } from './workspace.mjs';

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  types: ['node'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
};
const update = process.argv.includes('--update');
let stale = false;

mkdirSync(`${root}/etc`, { recursive: true });
for (const { folder, name, manifest } of published) {
  for (const { door, file } of entryPoints(manifest)) {
    const projectFolder = `${root}/${folder}`;
    const entry = `${projectFolder}/dist/${file}.d.ts`;
    const report = door === '.' ? name : `${name}.${door.slice(2)}`;
    const { apiReportChanged, errorCount } = Extractor.invoke(
      ExtractorConfig.prepare({
        packageJsonFullPath: `${projectFolder}/package.json`,
        configObjectFullPath: `${projectFolder}/api-extractor.json`,
        configObject: {
          projectFolder,
          mainEntryPointFilePath: entry,
          // What a user's compiler does: the packages beside it by their built types, not by their sources.
          compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
          apiReport: {
            enabled: true,
            reportFileName: `${report}.api.md`,
            reportFolder: `${root}/etc/`,
            reportTempFolder: `${root}/node_modules/.cache/api/`,
          },
          docModel: { enabled: false },
          dtsRollup: { enabled: false },
          tsdocMetadata: { enabled: false },
          newlineKind: 'lf',
          messages: {
            compilerMessageReporting: { default: { logLevel: 'error' } },
            extractorMessageReporting: {
              default: { logLevel: 'error' },
              // Nothing is released in stages here: what a door exports is public.
              'ae-missing-release-tag': { logLevel: 'none' },
              'ae-undocumented': { logLevel: 'none' },
              // These doors speak of types from the inside, which nobody is to make; the report lists them.
              ...(door.endsWith('/adapter') && {
                'ae-forgotten-export': { logLevel: 'none', addToApiReportFile: true },
              }),
            },
            tsdocMessageReporting: { default: { logLevel: 'none' } },
          },
        },
      }),
      { localBuild: update, showVerboseMessages: false },
    );
    stale ||= errorCount > 0 || (apiReportChanged && !update);
  }
}
if (stale) {
  console.error('The public API is not what etc/*.api.md says. If that is intended: npm run api -- --update');
  process.exit(1);
}
