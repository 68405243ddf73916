/** `npm start -- naive|traced|order|gated`. Exits with 0 when the run showed what its name says. */
import { modes } from './modes.js';

const [name = ''] = process.argv.slice(2);
const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
if (mode) {
  void mode().then((asSaid) => {
    console.log(asSaid ? `\n${name}: as its name says` : `\n${name}: NOT as its name says`);
    process.exitCode = asSaid ? 0 : 1;
  });
} else {
  console.log(`npm start -- naive    two first requests stop each other for ever
npm start -- traced   the same, and the deadlock is named
npm start -- order    one request after another; what could happen is found all the same
npm start -- gated    the gate in front: it cannot happen`);
  process.exitCode = 1;
}
