/** A process for one contender: runs it once, sends what it measured, and ends. */
import { loadBenchmark } from '../benchmark.js';

const [name = '', contender = ''] = process.argv.slice(2);
const { contenders } = await loadBenchmark(name);
const measures = await contenders[contender]?.run();
process.send?.(measures, () => process.exit(0));
