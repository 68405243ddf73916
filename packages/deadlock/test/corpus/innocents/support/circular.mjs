import { two } from '../import-that-is-circular-and-static.mjs';

export const twice = () => two * 2;
