/** How many runs a property makes; `PROPERTY_RUNS` multiplies them, say 100 for a long night. */
export const runs = (usual: number): number => Math.ceil(usual * Number(process.env['PROPERTY_RUNS'] ?? 1));

/** Of jest, with a property; a run takes a few ms. */
export const patienceMs = 60_000 * Math.max(1, runs(1));

/** Failing bootstraps and stops are reported as process warnings; here there are thousands. */
export function silenceWarnings(): void {
  beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation(() => {}));
  afterAll(() => void jest.restoreAllMocks());
}
