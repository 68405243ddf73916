import { twice } from './support/circular.mjs';

export const two = 2;
await null;
console.log('up', twice());
