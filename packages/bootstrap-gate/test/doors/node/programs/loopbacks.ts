import { runCases } from '../support/small-runner.js';

void runCases([() => import('../loopback.cases.js'), () => import('../loopback-earlier-connection.cases.js')]);
