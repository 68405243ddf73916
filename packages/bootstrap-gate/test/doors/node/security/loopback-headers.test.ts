import { join } from 'node:path';
import { runCases } from '../../../small-heap/cases.js';

runCases(join(__dirname, 'loopback-headers.cases'));
