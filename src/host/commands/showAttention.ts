// Show Attention: who looks at whom in the active or given text, beside it. Annotates the text first where it is not.
import { COMMANDS } from '../ids';
import { annotateDocument } from './annotateDocument';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetText } from './targetText';

export const showAttention: Command = {
  id: COMMANDS.showAttention,
  runs: 'Looking at attention',
  run: async (services, target) => {
    const document = await targetText(target);
    if (document === undefined) return;
    if (services.annotations.session(document) === undefined) {
      const model = await modelForAnnotations(services);
      if (model === undefined) return;
      await annotateDocument(services, document, model);
    }
    services.attention.show(document);
  },
};
