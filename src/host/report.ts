// Tells a person what went wrong: one sentence, one action; the detail goes to the log.
import * as vscode from 'vscode';
import { ArLensError, toErrorRecord } from '../protocol/errors';
import { COMMANDS } from './ids';
import { sentences } from './sentences';

/** A choice offered with a sentence: the button's label and the command behind it. */
export interface Offer {
  readonly label: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

const SHOW_LOG: Offer = { label: 'Show Log', command: COMMANDS.showLog };

/** A refusal that knows what would make the command run. */
export class Refusal extends ArLensError {
  constructor(
    message: string,
    readonly offers: readonly Offer[],
  ) {
    super('unsupported', message);
  }
}

export async function reportError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const record = toErrorRecord(error);
  if (record.reason === 'cancelled') return;
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const offers = error instanceof Refusal ? error.offers : [SHOW_LOG];
  const sentence =
    record.reason === 'internal' && !(error instanceof ArLensError)
      ? `Something went wrong inside AR Lens: ${record.message}`
      : record.message;
  const text = sentences(sentence, record.action);
  if (error instanceof Refusal) await offer(vscode.window.showWarningMessage, text, offers);
  else await offer(vscode.window.showErrorMessage, text, offers);
}

/** Shows a message with buttons and runs the command behind the one that is pressed. */
export async function offer(
  show: (message: string, ...labels: string[]) => Thenable<string | undefined>,
  message: string,
  offers: readonly Offer[],
): Promise<void> {
  const label = await show(message, ...offers.map((each) => each.label));
  const chosen = offers.find((each) => each.label === label);
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command, ...(chosen.arguments ?? []));
  }
}
