// Show Log-Probs: where the likelihood of a whole text or of images goes, with the model that is at hand for them.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { holdsImages } from '../images/imageSubject';
import type { Services } from '../services';
import { uriArgument } from './arguments';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { pickScored } from './pickScored';
import { showText, textAtHand } from './targetText';

export const showLogProbs: Command = {
  id: COMMANDS.showLogProbs,
  runs: 'Scoring',
  run: async (services, target) => {
    const images = await imagesTarget(target);
    if (images !== undefined) return services.images.show(images);
    const text = await textAtHand(target);
    if (text !== undefined) return scoreText(services, text);
    const picked = await pickScored();
    if (picked?.kind === 'images') return services.images.show(picked.uri);
    if (picked !== undefined) await scoreText(services, await showText(picked.uri));
  },
};

async function scoreText(services: Services, document: vscode.TextDocument): Promise<void> {
  const annotated = services.annotations.session(document)?.model;
  const model = annotated ?? (await modelForAnnotations(services));
  if (model !== undefined) services.logProbs.show(document, model);
}

/** The images that were given, or that the active tab shows; undefined where it is about a text. */
async function imagesTarget(target: unknown): Promise<vscode.Uri | undefined> {
  const given =
    typeof target === 'string' && path.isAbsolute(target) ? vscode.Uri.file(target) : uriArgument(target);
  const uri = given ?? activeTab();
  if (uri === undefined) return undefined;
  if (holdsImages(uri.path)) return uri;
  if (given === undefined) return undefined;
  const info = await vscode.workspace.fs.stat(uri).then(undefined, () => undefined);
  return info !== undefined && (info.type & vscode.FileType.Directory) !== 0 ? uri : undefined;
}

/** An image has no text editor: its tab tells which file it is. */
function activeTab(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? input.uri : undefined;
}
