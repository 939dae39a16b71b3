// Every family there is, one line each. Adding a family is its folder and a line here.
import type { Family } from './family';
import { gptNeox } from './gptNeox/family';
import { llama } from './llama/family';
import { markov } from './markov/family';
import { transformer } from './transformer/family';

export const FAMILIES: readonly Family[] = [transformer, llama, gptNeox, markov];

export function familyById(id: string): Family | undefined {
  return FAMILIES.find((family) => family.id === id);
}
