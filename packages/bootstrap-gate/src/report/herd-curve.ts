import type { HerdRecording } from './herd.js';
import { time, type Timeline } from './timeline.js';

/** What `toSvg` and `toChromeTrace` take beside the report. */
export interface PictureOptions {
  /** What `recordHerd` recorded: the size of the herd is drawn over time. Default: it is not. */
  readonly herd?: Pick<HerdRecording, 'samples'> | undefined;
}

/** From `at`, in ms since the flight began, so many were waiting. */
export interface HerdPoint {
  readonly at: number;
  readonly waiting: number;
}

/** The recording on the time axis of the flight, or from its own begin where there was none. */
export function herdCurve(caller: string, { herd }: PictureOptions, { attempts, startedAt }: Timeline): HerdPoint[] {
  if (herd === undefined) return [];
  if (!Array.isArray(herd?.samples)) throw new TypeError(`${caller}: "herd" must be what recordHerd(gate) returned`);
  const samples = herd.samples
    .map(({ at, waiting }) => ({ at: time(at), waiting: Math.max(0, time(waiting)) }))
    .sort((a, b) => a.at - b.at);
  const begin = attempts.length > 0 ? startedAt : (samples[0]?.at ?? 0);
  const before = samples.findLast(({ at }) => at <= begin);
  return [
    ...(before ? [{ at: 0, waiting: before.waiting }] : []),
    ...samples.filter(({ at }) => at > begin).map(({ at, waiting }) => ({ at: at - begin, waiting })),
  ];
}
