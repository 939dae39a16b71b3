// What the schema cannot say of `data.condition`: which of its keys go together, and which family reads one. Pure.
import type { ImageFamily } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import type { ImageDataSpec } from './schema';

/** The first problem with the place it stands at, or undefined. */
export function conditionProblem(
  { condition, validation }: ImageDataSpec,
  { id, takesCondition = false }: ImageFamily,
): { readonly place: string; readonly message: string } | undefined {
  if (!condition) return undefined;
  const { shrink, images, labels, validation: held } = condition;
  const at = (key: string, words: string) => {
    const place = `data.condition${key}`;
    return { place, message: `${place}: expected ${words}` };
  };
  if (!takesCondition) {
    const readers = IMAGE_FAMILIES.filter((family) => family.takesCondition).map(
      (family) => `"${family.id}"`,
    );
    return at('', `none with "${id}", which reads no condition, got one; ${readers.join(' or ')} does`);
  }
  if ((shrink === undefined) === (images === undefined)) {
    return at('', `either shrink or images, got ${shrink === undefined ? 'neither' : 'both'}`);
  }
  if (images === undefined) {
    const [alone] = [
      labels === undefined ? [] : ['.labels'],
      held === undefined ? [] : ['.validation'],
    ].flat();
    return alone === undefined ? undefined : at(alone, 'none beside data.condition.shrink, got one');
  }
  const ownImages = typeof validation === 'string';
  if (ownImages && held === undefined) {
    return at('', 'validation, the pictures of the images of data.validation, got nothing');
  }
  if (!ownImages && held !== undefined) {
    return at('.validation', 'none where data.validation is a share, got one');
  }
  return undefined;
}
