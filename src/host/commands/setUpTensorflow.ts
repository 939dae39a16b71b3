// Set Up TensorFlow…: says what would be downloaded and built, and does it when a person agrees. Its undoing stands here
// too. The only commands of AR Lens that use the network, and only after the question.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { toErrorRecord } from '../../protocol/errors';
import { PYTHON_OPTION } from '../../protocol/tensorflowSetup';
import { Refusal } from '../report';
import type { Services } from '../services';
import type { Command } from './command';
import { withProgress } from './progress';

const SET_UP = 'Set Up';
const ANOTHER = 'Choose a Python…';
const REMOVE = 'Remove';
/** The command's argument that begins with the choice of a Python. */
const CHOOSE = 'choose';

export const setUpTensorflow: Command = {
  id: COMMANDS.setUpTensorflow,
  runs: 'Setting TensorFlow up',
  run: (services, how) => (how === CHOOSE ? setUpWithAnother(services, '') : setUp(services, undefined)),
};

export const removeTensorflow: Command = {
  id: COMMANDS.removeTensorflow,
  runs: 'Removing TensorFlow',
  run: async ({ engine }) => {
    const detail = 'What the setup made is deleted. A Python that was there before keeps its TensorFlow.';
    const answer = await vscode.window.showWarningMessage(
      'Remove TensorFlow?',
      { modal: true, detail },
      REMOVE,
    );
    if (answer !== REMOVE) return;
    // A process that has the library loaded would go on with it.
    await engine.restart();
    const { sentence } = await withProgress('Removing TensorFlow', (signal) =>
      engine.call('removeTensorflow', undefined, { signal }),
    );
    void vscode.window.showInformationMessage(sentence);
    await engine.restart();
  },
};

async function setUp(services: Services, python: string | undefined): Promise<void> {
  const { engine } = services;
  const params = python === undefined ? {} : { python };
  const plan = await withProgress('Looking for a Python', (signal) =>
    engine.call('tensorflowPlan', params, { signal }),
  ).catch((error: unknown) => {
    throw mendable(error);
  });
  const answer = await vscode.window.showInformationMessage(
    'Set TensorFlow up for the device of that name?',
    { modal: true, detail: plan.sentence },
    SET_UP,
    ANOTHER,
  );
  if (answer === ANOTHER) return setUpWithAnother(services, plan.python);
  if (answer !== SET_UP) return;
  const { sentence } = await withProgress('Setting TensorFlow up', (signal, say) =>
    engine.call('setUpTensorflow', params, { signal, onProgress: ({ sentence: now }) => say(now) }),
  );
  void vscode.window.showInformationMessage(sentence);
  await engine.restart();
}

async function setUpWithAnother(services: Services, known: string): Promise<void> {
  const chosen = await choosePython(known);
  if (chosen !== undefined) await setUp(services, chosen);
}

/** Where the engine would have another Python named, a button asks for it. */
function mendable(error: unknown): unknown {
  const { message, action } = toErrorRecord(error);
  if (action?.includes(PYTHON_OPTION) !== true) return error;
  return new Refusal(message, [{ label: ANOTHER, command: COMMANDS.setUpTensorflow, arguments: [CHOOSE] }]);
}

async function choosePython(known: string): Promise<string | undefined> {
  const value = await vscode.window.showInputBox({
    title: 'Python for TensorFlow',
    prompt: 'A program on PATH, or the full path of one: Python 3.10 to 3.13.',
    value: known,
    ignoreFocusOut: true,
  });
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
