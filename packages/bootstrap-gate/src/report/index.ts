/** The door for applications. */
export { blame } from './blame.js';
export { criticalChain } from './critical-chain.js';
export { recordHerd } from './herd.js';
export type { HerdRecording, HerdSample } from './herd.js';
export type { PictureOptions } from './herd-curve.js';
export { reportToTerminal } from './terminal.js';
export type { TerminalOptions } from './terminal.js';
export type { TerminalStream } from './screen.js';
export { toChromeTrace } from './chrome-trace.js';
export { toMermaid } from './mermaid.js';
export { toSvg } from './svg.js';
export type * from '../public-types.js';
