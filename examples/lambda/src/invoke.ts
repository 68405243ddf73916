/** Calls the function as the platform does, here three times at once. */
import { handler } from './handler.js';

const answers = await Promise.all(['/cities', '/cities', '/'].map((rawPath) => handler({ rawPath })));
for (const { statusCode, body } of answers) console.log([statusCode, body].join(' ').trim());
