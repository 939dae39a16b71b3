// Set Threshold: bits below which nothing is drawn.
import * as vscode from 'vscode';
import { COMMANDS, SETTINGS } from '../ids';
import { annotationSettings, writeSetting } from '../settings';
import type { Command } from './command';

const HIGHEST = 16;

export const setThreshold: Command = {
  id: COMMANDS.setThreshold,
  run: async (_services, given) => {
    const answer =
      typeof given === 'number'
        ? String(given)
        : await vscode.window.showInputBox({
            title: 'Hide what is ordinary',
            prompt: `Bits below which nothing is drawn, 0 to ${HIGHEST}`,
            value: String(annotationSettings().threshold),
            validateInput: problem,
          });
    if (answer === undefined || problem(answer) !== undefined) return;
    await writeSetting(SETTINGS.threshold, Number(answer));
  },
};

function problem(text: string): string | undefined {
  const bits = Number(text);
  const fits = text.trim() !== '' && Number.isFinite(bits) && bits >= 0 && bits <= HIGHEST;
  return fits ? undefined : `Expected bits from 0 to ${HIGHEST}, got “${text}”.`;
}
