// Score Selection: what the likelihood of the selected text multiplies to, with the model that annotates it or would.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetText } from './targetText';

export const scoreSelection: Command = {
  id: COMMANDS.scoreSelection,
  runs: 'Scoring',
  run: async (services, target) => {
    const document = await targetText(target);
    if (document === undefined) return;
    const annotated = services.annotations.session(document)?.model;
    const model = annotated ?? (await modelForAnnotations(services));
    if (model !== undefined) services.scoreSelection.show(document, model);
  },
};
