/** Tests of applications that `npm run recipes` installs; elsewhere they are skipped, and their titles say so. */
export const testLarge = (title: string, run: () => Promise<void>): void => {
  if (process.env.RECIPES === 'installed') test(title, run, 120_000);
  else test.skip(`${title} (only with npm run recipes, which installs it)`, run);
};
