import { join } from 'node:path';
import { runCases } from '../../small-heap/cases.js';

runCases(join(__dirname, 'loopback.cases'));
runCases(join(__dirname, 'loopback-earlier-connection.cases'));
runCases(join(__dirname, 'loopback-outsider.cases'));
