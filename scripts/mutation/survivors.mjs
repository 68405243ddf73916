// Stryker tries a survivor again when a test that comes by it is new. It does not know which ones come by what runs while a
// file is loaded, so those that survived are forgotten here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** @param file the results of earlier runs */
export function forgetSurvivors(file) {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const source of Object.values(report.files)) {
    source.mutants = source.mutants.filter(({ status }) => status !== 'Survived' && status !== 'NoCoverage');
  }
  writeFileSync(file, JSON.stringify(report));
}
