/** What an examination finds: plain data, the same for the terminal, JSON and HTML. */
import type { Place } from './journal-entry.js';

export const CODES = [
  'EARLY-WRONG',
  'HEALTH-LIES',
  'INIT-TWICE',
  'SENT-TWICE',
  'SELF-REQUEST',
  'START-ENDED',
  'DEADLOCK',
  'NEVER-SETTLES',
  'HALF-ALIVE',
  'SIGTERM-IGNORED',
] as const;

export type Code = (typeof CODES)[number];

export interface Finding {
  readonly code: Code;
  /** An error fails the examination; a warning does so with `--strict` only. */
  readonly level: 'error' | 'warning';
  /** One sentence with the figures. */
  readonly title: string;
  readonly details: readonly string[];
  /** The application's lines that it is about, the most telling first. */
  readonly places: readonly Place[];
}

/** Something that was examined and is as it should be. */
export interface Sound {
  readonly title: string;
}

/** A moment of the start, in milliseconds since the process began; an interval where it is known no better. */
export interface Moment {
  readonly fromMs: number;
  readonly toMs?: number;
  readonly text: string;
  readonly place?: Place | undefined;
}

/** One early request and what came of it, for the picture. */
export interface EarlyAnswer {
  readonly path: string;
  readonly sentMs: number;
  readonly tookMs: number;
  /** A status code, or the code of the error that came instead of an answer. */
  readonly answer: number | string;
  readonly right: boolean;
  readonly health: boolean;
}

/** A line to add or remove; `line` counts from 1 in the file as it is. */
export interface Edit {
  readonly file: string;
  readonly line: number;
  readonly remove?: string;
  /** Goes before `line`, or in its place when it is removed. */
  readonly add?: readonly string[];
}

export interface Cure {
  /** Where the place is certain: the application's own lines. */
  readonly edits: readonly Edit[];
  /** What to do, in words, where it is not. */
  readonly recipe: readonly string[];
}

export interface Examination {
  readonly version: 1;
  readonly command: readonly string[];
  /** The doctor's own arguments. */
  readonly options: readonly string[];
  readonly node: string;
  readonly starts: number;
  readonly tookMs: number;
  readonly timeline: readonly Moment[];
  readonly early: readonly EarlyAnswer[];
  readonly findings: readonly Finding[];
  readonly sound: readonly Sound[];
  /** Why something could not be examined. With no path examined at all, the exit code is 3. */
  readonly notExamined: readonly string[];
  /** Whether early answers could be compared with late ones, or the start was found not to get so far. */
  readonly examined: boolean;
  readonly cure?: Cure | undefined;
  /** The page that explains a code. */
  readonly help: string;
}

export const HELP = 'https://github.com/bootstrap-gate/bootstrap-gate/blob/main/docs/doctor/';
