// Compares the public API of every door with its report in etc/; `--update` writes the reports. Needs a build.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { mkdirSync } from 'node:fs';
import { published, root } from './workspace.mjs';

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
  for (const door of Object.keys(manifest.exports).filter((key) => !key.endsWith('.json'))) {
    const projectFolder = `${root}/${folder}`;
    const entry = `${projectFolder}/${manifest.exports[door].import.types.slice(2)}`;
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
              // A second door may speak of types that the index exports; its report lists them.
              ...(door !== '.' && { 'ae-forgotten-export': { logLevel: 'none', addToApiReportFile: true } }),
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
