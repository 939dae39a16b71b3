// What several stories need of all views at once: where each is, how it is opened, and how to walk them.
import type { Frame, Page } from 'playwright-core';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import type { ViewId } from '../../src/protocol/views';
import { until } from './driver/until';
import { webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { titleOf } from './session';

/** Views that are panels: the command that opens one, and its tab. */
export const PANEL_VIEWS = {
  training: { command: COMMANDS.showTraining, tab: /^Training / },
  attention: { command: COMMANDS.showAttention, tab: /^Attention / },
  logProbs: { command: COMMANDS.showLogProbs, tab: /^Log-probs / },
  sampler: { command: COMMANDS.openSampler, tab: /^Sampler / },
} as const;
export type PanelView = keyof typeof PANEL_VIEWS;
/** Panels whose own stories walk their widths and themes. */
export const MORE_PANELS = {
  information: { command: COMMANDS.showInformation, tab: /^Information / },
  scoreSelection: { command: COMMANDS.scoreSelection, tab: /^Score / },
  diagram: { command: COMMANDS.showDiagram, tab: /^Diagram / },
  causalMask: { command: COMMANDS.showCausalMask, tab: /^Mask / },
} as const;
export type MorePanel = keyof typeof MORE_PANELS;
export const SIDE_VIEWS = ['likelihood', 'inspector'] as const;

/** A view's document once it shows that state. */
export function viewIn(workbench: Workbench, view: ViewId, state: string, timeout = 60_000): Promise<Frame> {
  const selector = `body[data-view="${view}"] main[data-state="${state}"]`;
  return webviewFrame(workbench.page, EXTENSION_ID, selector, timeout);
}

/** Shows a text in the first column, where it is the only copy of it. */
export async function openNote(workbench: Workbench, note: string): Promise<void> {
  await workbench.runCommand('View: Focus First Editor Group');
  await workbench.openFile(note);
}

/** Opens a view by its command; where the window asks with which run, with the one whose name holds `run`. */
export async function openView(
  workbench: Workbench,
  view: PanelView | MorePanel,
  run: string,
): Promise<void> {
  const { command, tab } = { ...PANEL_VIEWS, ...MORE_PANELS }[view];
  await workbench.runCommand(titleOf(command));
  const { page } = workbench;
  const asked = page.locator('.quick-input-widget:visible', { hasText: /which run|which model/ });
  let asking = Date.now();
  await until(`the ${view} panel`, async () => {
    if (await asked.isVisible()) await workbench.pick(run, 2000).catch(() => undefined);
    if ((await page.locator('.tabs-container .tab', { hasText: tab }).count()) > 0) return true;
    // A question that lost its answer, as a window does that is busy, is asked again.
    if (Date.now() - asking > 12_000 && !(await asked.isVisible())) {
      await workbench.runCommand(titleOf(command));
      asking = Date.now();
    }
    return false;
  });
}

/** Opens a view in a column of its own, so that it stands beside the others. */
export async function openBeside(workbench: Workbench, view: PanelView, run: string): Promise<void> {
  await openView(workbench, view, run);
  await viewIn(workbench, view, 'result');
  await workbench.showTab(PANEL_VIEWS[view].tab);
  await workbench.runCommand('View: Move Editor into Right Group');
}

/** The sentence a state says, and the labels of its buttons. */
export async function saidBy(frame: Frame): Promise<{ sentence: string; buttons: string[] }> {
  const main = frame.locator('main');
  return {
    sentence: (await main.locator('p').first().innerText()).trim(),
    buttons: (await main.locator('vscode-button').allInnerTexts()).map((label) => label.trim()),
  };
}

/** “Show Log-Probs” of a file or folder in the explorer. */
export async function showFromExplorer(workbench: Workbench, name: string): Promise<void> {
  const row = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  await workbench.pickFromMenu(row, titleOf(COMMANDS.showLogProbs).replace(/^AR Lens: /, ''));
}

/** The simple dialog takes a while to make its suggestion: it is accepted once it is there. */
export async function acceptSuggestedFile(page: Page, file: string): Promise<void> {
  const input = page.locator('.quick-input-widget:visible .quick-input-box input');
  await until(`the suggestion ${file}`, async () => (await input.inputValue()) === file);
  await input.press('Enter');
  await input.waitFor({ state: 'hidden' });
}
