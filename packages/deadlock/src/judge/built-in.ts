type Loader = { getBuiltinModule?: (id: string) => unknown };

/**
 * A module of Node, asked for when it is needed: an import would keep bundles and workerd from loading the package.
 *
 * @returns undefined where the runtime has no such module
 */
export function builtIn<M>(id: string): M | undefined {
  try {
    return (process as Loader).getBuiltinModule?.(id) as M | undefined;
  } catch {
    return undefined;
  }
}
