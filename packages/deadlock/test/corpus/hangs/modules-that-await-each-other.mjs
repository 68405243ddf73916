// Two modules import each other dynamically at their top level.
export const plugins = await import('./support/plugins.mjs');
console.log('up');
