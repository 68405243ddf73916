/** The paths that the doors under test treat in a special way. */
export const exempt: readonly string[] = ['/health', '/a/', '/b%2Fc', '/', '/x;v=1', '/mount/open'];

export const health = { live: '/livez', ready: '/readyz', startup: '/startupz' };
