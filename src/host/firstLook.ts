// The walkthrough beside the text, once, where the editor was opened to show the extension (`npm start` says so).
import * as vscode from 'vscode';

const ASKED = 'AR_LENS_FIRST_LOOK';
const SHOWN = 'arLens.firstLookShown';
const WALKTHROUGH = 'start';

export async function showFirstLook(context: vscode.ExtensionContext): Promise<void> {
  if (process.env[ASKED] === undefined || context.globalState.get(SHOWN) === true) return;
  await context.globalState.update(SHOWN, true);
  const walkthrough = `${context.extension.id}#${WALKTHROUGH}`;
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, true);
}
