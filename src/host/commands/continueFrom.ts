// Continue From: what the text would have become had another token stood here. A link of the hover.
import * as vscode from 'vscode';
import { visibleWhitespace } from '../annotations/visibleWhitespace';
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { sampleIntoEditor } from './sampleEditor';

/** UTF-16 units of the text before that the model gets: more than any context here reaches back. */
const LONGEST_PROMPT = 65_536;
const SHOWN = 400;
const LENGTH = 200;
/** The same click gives the same text. */
const SEED = 1;
const TEMPERATURE = 0.8;

export const continueFrom: Command = {
  id: COMMANDS.continueFrom,
  runs: 'Sampling',
  run: async (services, where, offset, alternative) => {
    if (typeof where !== 'string' || typeof offset !== 'number' || typeof alternative !== 'string') return;
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === where);
    const session = document && services.annotations.session(document);
    if (document === undefined || session === undefined) return;
    const before = document.getText(new vscode.Range(new vscode.Position(0, 0), document.positionAt(offset)));
    const prompt = before.slice(-LONGEST_PROMPT) + alternative;
    await sampleIntoEditor(services, {
      params: { model: session.model, prompt, length: LENGTH, seed: SEED, temperature: TEMPERATURE },
      shownPrompt: prompt.length > SHOWN ? `…${prompt.slice(-SHOWN)}` : prompt,
      from: `“${visibleWhitespace(alternative)}”`,
    });
  },
};
