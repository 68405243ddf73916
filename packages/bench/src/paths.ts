/** What the application of all contenders answers. */

/** Before the contender, and needing no bootstrap. */
export const HEALTH_PATH = '/livez';
/** Behind the contender, but needing no bootstrap. */
export const CONFIG_PATH = '/config';
/** 1 ms of synchronous work. */
export const WORK_PATH = '/work';
/** Everything below it: answers with its URL and the store that it finds in its async context. */
export const WHO_PATH = '/who/';
