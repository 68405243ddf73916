export const app = await import('../modules-that-await-each-other.mjs');
