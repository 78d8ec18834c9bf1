/** Packages that are in every bundle. */
const SHARED = ['domain', 'lambda-kit'];

/**
 * The apps whose bundle may change with a file: those are built again. Tests and what only they use change none.
 *
 * @param path of the file, relative to the workspace, with slashes. @param apps those that have a bundle.
 */
export function affectedApps(path: string, apps: readonly string[]): readonly string[] {
  const [area, project = '', folder] = path.split('/');
  if (folder !== 'src' || /\.(?:test|fixture)\.ts$|\/testing\//.test(path)) return [];
  if (area === 'packages' && SHARED.includes(project)) return apps;
  return area === 'apps' && apps.includes(project) ? [project] : [];
}

/** The folders, relative to the workspace, in which such files lie. */
export function sourceFolders(apps: readonly string[]): string[] {
  return [...SHARED.map((name) => `packages/${name}/src`), ...apps.map((app) => `apps/${app}/src`)];
}
