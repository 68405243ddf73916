import { runCases } from '../../doors/node/support/small-runner.js';

void runCases([() => import('../self-wait.cases.js')]);
