// Show Information: what there is to know about a text, with the model that annotates it or would.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { modelForAnnotations } from './modelChoice';
import { targetText } from './targetText';

export const showInformation: Command = {
  id: COMMANDS.showInformation,
  runs: 'Analysing a text',
  run: async (services, target) => {
    const document = await targetText(target);
    if (document === undefined) return;
    const annotated = services.annotations.session(document)?.model;
    const model = annotated ?? (await modelForAnnotations(services));
    if (model !== undefined) services.information.show(document, model);
  },
};
