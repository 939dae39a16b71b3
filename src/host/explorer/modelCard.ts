// What a person reads of a model before using it, and the model folders used lately. Pure text and lists.
import type { ModelInfo } from '../../protocol/engine';
import type { ImageModelInfo } from '../../protocol/imageSets';
import { grouped } from '../annotations/numbers';
import { modelName } from './runFolders';

/** Folders that are remembered. */
const MOST_RECENT = 8;

export interface ModelCard {
  readonly title: string;
  /** One fact a line. */
  readonly detail: string;
}

export function modelCard(info: ModelInfo): ModelCard {
  const { architecture, declaredContext, cacheBytes, licence } = info;
  const context = `${grouped(info.context)} tokens`;
  const lines = [
    `Architecture: ${info.title}${architecture === undefined ? '' : ` (${architecture})`}`,
    `Parameters: ${grouped(info.parameters)}`,
    declaredContext === undefined
      ? `Context: ${context}`
      : `Context: ${context}, of the ${grouped(declaredContext)} it was made for`,
    `Tokenizer: ${info.tokenizer}, ${grouped(info.vocabulary)} tokens${info.bos ? '' : ', no BOS'}`,
    `Likelihood: ${info.likelihood}`,
  ];
  if (cacheBytes !== undefined) lines.push(`Keys and values of a full context: ${bytesText(cacheBytes)}`);
  lines.push(`Licence: ${licence ?? 'none named in its README'}`, `Folder: ${info.model}`);
  return { title: modelName(info.model), detail: lines.join('\n') };
}

/** Of a model of images. */
export function imageModelCard(folder: string, info: ImageModelInfo): ModelCard {
  const { title, height, width, channels, levels, classes, likelihood, takesAnySize } = info;
  const lines = [
    `Architecture: ${title}`,
    `Images: ${width} × ${height}, ${channels === 1 ? 'grey' : 'RGB'}${takesAnySize ? ', or any other size' : ''}`,
    `Levels: ${levels}`,
    `Classes: ${classes === 0 ? 'none' : classes}`,
    `Likelihood: ${likelihood}`,
    `Folder: ${folder}`,
  ];
  return { title: modelName(folder), detail: lines.join('\n') };
}

/** The folder in front of those used before; each once. */
export function withRecent(folder: string, recent: readonly string[]): string[] {
  return [folder, ...recent.filter((each) => each !== folder)].slice(0, MOST_RECENT);
}

function bytesText(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1
    ? `${grouped(bytes / 2 ** 10)} KiB`
    : `${mebibytes.toFixed(mebibytes < 10 ? 1 : 0)} MiB`;
}
