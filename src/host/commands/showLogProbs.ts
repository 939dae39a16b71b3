// Show Log-Probs: where the likelihood of a whole text or of images goes, with the model that is at hand for them.
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetImages } from './targetImages';
import { targetText } from './targetText';

export const showLogProbs: Command = {
  id: COMMANDS.showLogProbs,
  runs: 'Scoring',
  run: async (services, target) => {
    const images = await targetImages(target);
    if (images !== undefined) return services.images.show(images);
    return showText(services, target);
  },
};

async function showText(services: Services, target: unknown): Promise<void> {
  const document = await targetText(target);
  if (document === undefined) return;
  const annotated = services.annotations.session(document)?.model;
  const model = annotated ?? (await modelForAnnotations(services));
  if (model !== undefined) services.logProbs.show(document, model);
}
