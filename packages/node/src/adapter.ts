/** The door for those who write adapters. Applications use the index. */
export { writeAnswer } from './answer.js';
export type { Answer } from './answer.js';
export { HttpDoor } from './http-door.js';
export type { Admission, Application } from './http-door.js';
export { HttpGuest } from './http-guest.js';
export type { AdmissionSettings, DoorOptions, Unsupported } from './options.js';
