// Annotate Likelihood: colours the active or given text with the model of this workspace.
import { COMMANDS } from '../ids';
import { annotateDocument } from './annotateDocument';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetText } from './targetText';

export const annotate: Command = {
  id: COMMANDS.annotate,
  runs: 'Annotating',
  run: async (services, target) => {
    const document = await targetText(target);
    if (document === undefined) return;
    const model = await modelForAnnotations(services);
    if (model === undefined) return;
    await annotateDocument(services, document, model);
  },
};
