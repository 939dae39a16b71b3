// How a path names a model of images: a run's folder, or a spec whose family has nothing to learn. Pure.
import { SPEC_SUFFIX } from '../../protocol/run';
import type { InspectSubject } from '../../protocol/subject';

export const isSpecPath = (path: string): boolean => path.endsWith(SPEC_SUFFIX);

export function imageSubject(path: string): InspectSubject {
  return isSpecPath(path) ? { spec: path } : { model: path };
}

/** Files that hold images: what the explorer's menu offers to show, and the view opens. */
export function holdsImages(path: string): boolean {
  return /(\.(png|jpe?g|idx|npy|npz)|-ubyte(\.gz)?|\.idx\.gz)$/i.test(path);
}

/** A file of one image, where the others hold many. */
export function isPicture(path: string): boolean {
  return /\.(png|jpe?g)$/i.test(path);
}
