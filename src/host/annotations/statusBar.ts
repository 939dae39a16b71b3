// Two status bar items: the active text's likelihood, and the device the engine runs on.
import * as vscode from 'vscode';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { COMMANDS, VIEWS } from '../ids';
import type { AnnotationController } from './controller';
import { statusText } from './summaryText';

export class StatusBar implements vscode.Disposable {
  private readonly likelihood = vscode.window.createStatusBarItem(
    'arLens.status.likelihood',
    vscode.StatusBarAlignment.Left,
    10,
  );
  private readonly device = vscode.window.createStatusBarItem(
    'arLens.status.device',
    vscode.StatusBarAlignment.Right,
    90,
  );
  private readonly owned: vscode.Disposable[] = [this.likelihood, this.device];
  private readonly stop: Array<() => void>;

  constructor(
    private readonly controller: AnnotationController,
    private readonly engine: EngineService,
  ) {
    this.likelihood.name = 'AR Lens: likelihood';
    this.device.name = 'AR Lens: device';
    this.owned.push(vscode.window.onDidChangeActiveTextEditor(() => this.showLikelihood()));
    this.stop = [
      controller.changes.on(() => this.showLikelihood()),
      engine.onChange(() => this.showDevice()),
    ];
    this.showLikelihood();
    this.showDevice();
  }

  dispose(): void {
    for (const stop of this.stop) stop();
    for (const each of this.owned) each.dispose();
  }

  private showLikelihood(): void {
    const document = vscode.window.activeTextEditor?.document;
    const session = document && this.controller.session(document);
    if (session === undefined) return this.likelihood.hide();
    const { state, summary } = session;
    const busy = state.kind === 'scoring' ? '$(loading~spin) ' : '';
    if (state.kind === 'failed') {
      this.likelihood.text = '$(warning) not scored';
      this.likelihood.tooltip = state.error.message;
    } else if (summary === undefined) {
      this.likelihood.text = `${busy}AR Lens`;
      this.likelihood.tooltip = state.kind === 'waiting' ? state.why : 'Scoring the text';
    } else {
      this.likelihood.text = `${busy}${statusText(summary)}`;
      this.likelihood.tooltip = `${modelName(session.model)}, ${summary.likelihood}, over ${summary.scored} tokens and ${summary.bytes} bytes, stride ${summary.stride}`;
    }
    this.likelihood.command = `${VIEWS.likelihood}.focus`;
    this.likelihood.show();
  }

  private showDevice(): void {
    const { status, description } = this.engine;
    if (status.state === 'off') return this.device.hide();
    this.device.command = COMMANDS.showDevices;
    this.device.backgroundColor = undefined;
    this.device.tooltip = `${status.sentence} ${status.action}`.trim();
    switch (status.state) {
      case 'starting':
        this.device.text = '$(loading~spin) AR Lens: starting';
        break;
      case 'ready':
        this.device.text = `AR Lens: ${deviceName(description?.device)}`;
        if (description !== undefined)
          this.device.tooltip = `${description.device.label}. ${description.device.reason}`;
        break;
      case 'stuck':
        this.trouble('AR Lens: engine stuck');
        break;
      case 'gone':
        // Without a reason the end was asked for.
        if (status.reason === undefined) return this.device.hide();
        this.trouble('AR Lens: engine ended');
        break;
      default:
        return status.state satisfies never;
    }
    this.device.show();
  }

  private trouble(text: string): void {
    this.device.text = `$(warning) ${text}`;
    this.device.command = COMMANDS.restartEngine;
    this.device.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  }
}

function deviceName(device: { readonly id: string; readonly instructionSet?: string } | undefined): string {
  if (device === undefined) return 'ready';
  return device.instructionSet === undefined ? device.id : `${device.id} (${device.instructionSet})`;
}
