// What of a workspace's image files a person chooses among: folders that hold pictures before the files themselves. Pure.

export interface ImageChoice {
  /** Relative to the workspace folder, with slashes. */
  readonly path: string;
  /** Pictures that lie in this folder or below it; 0 for a file. */
  readonly pictures: number;
}

/**
 * Folders with more than one picture, then sets of images in one file, then single pictures; each kind by name.
 * @param files paths relative to the workspace folder, with slashes
 */
export function imageChoices(files: readonly string[]): ImageChoice[] {
  const folders = new Map<string, number>();
  for (const file of files.filter(isPicture)) {
    for (const folder of foldersOf(file)) folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const chosen = [...folders]
    .filter(([, pictures]) => pictures > 1)
    .map(([path, pictures]) => ({ path, pictures }));
  const file = (path: string): ImageChoice => ({ path, pictures: 0 });
  return [
    ...chosen.sort(byPath),
    ...files
      .filter((path) => !isPicture(path))
      .map(file)
      .sort(byPath),
    ...files.filter(isPicture).map(file).sort(byPath),
  ];
}

const isPicture = (path: string): boolean => /\.(png|jpe?g)$/i.test(path);
const byPath = (a: ImageChoice, b: ImageChoice): number => a.path.localeCompare(b.path);

/** Every folder that a file lies in, the workspace's own left out. */
function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
