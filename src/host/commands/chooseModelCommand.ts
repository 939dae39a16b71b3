// Choose Model: which run or model folder annotates in this workspace. An annotated text follows at once.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { annotateDocument } from './annotateDocument';
import type { Command } from './command';
import { browseForModel, chooseModel } from './modelChoice';

export const chooseModelCommand: Command = {
  id: COMMANDS.chooseModel,
  runs: 'Choosing a model',
  run: async (services, how) => {
    const model = await (how === 'browse' ? browseForModel(services) : chooseModel(services));
    const document = vscode.window.activeTextEditor?.document;
    if (model === undefined || document === undefined) return;
    if (services.annotations.session(document) !== undefined)
      await annotateDocument(services, document, model);
  },
};
