// Show Log-Probs: where the likelihood of a whole text goes, with the model that annotates it or would.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetText } from './targetText';

export const showLogProbs: Command = {
  id: COMMANDS.showLogProbs,
  runs: 'Scoring',
  run: async (services, target) => {
    const document = await targetText(target);
    if (document === undefined) return;
    const annotated = services.annotations.session(document)?.model;
    const model = annotated ?? (await modelForAnnotations(services));
    if (model !== undefined) services.logProbs.show(document, model);
  },
};
