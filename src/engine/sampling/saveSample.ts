// Writes sampled text to a file that a person named: whole or not at all.
import { writeFileAtomic } from '../../formats/atomicFile';

export async function saveSample(path: string, texts: readonly string[]): Promise<void> {
  await writeFileAtomic(path, texts.join('\n---\n'));
}
