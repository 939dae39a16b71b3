// Show Log-Probs: where the likelihood of a whole text or of images goes, with the model that is at hand for them.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetSource } from './targetSource';

export const showLogProbs: Command = {
  id: COMMANDS.showLogProbs,
  runs: 'Scoring',
  run: async (services, target) => {
    const source = await targetSource(target, 'Score which file?');
    if (source === undefined) return;
    if ('images' in source) return services.images.show(source.images);
    const { text } = source;
    const annotated = services.annotations.session(text)?.model;
    const model = annotated ?? (await modelForAnnotations(services));
    if (model !== undefined) services.logProbs.show(text, model);
  },
};
