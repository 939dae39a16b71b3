// The interactive engine as the rest of the host uses it: trusted workspaces only, one notification per trouble,
// and the device it runs on. The process itself is engineClient's business.
import * as vscode from 'vscode';
import type { Client } from '../../protocol/calls';
import type { EngineCalls, EngineDescription } from '../../protocol/engine';
import { EngineClient } from '../engineClient';
import type { EngineLaunch, EngineStatus } from '../engineState';
import { Emitter, type Unsubscribe } from '../events';
import { COMMANDS } from '../ids';
import { offer } from '../report';
import { requireTrust } from '../trust';
import { withWorkspace, type FolderOf } from './withWorkspace';

const folderOf: FolderOf = (path) => vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;

export class EngineService implements vscode.Disposable {
  private readonly client: EngineClient;
  private readonly changes = new Emitter<EngineStatus>();
  private described: EngineDescription | undefined;
  /** What the last notification was about; nothing once the engine answers again. */
  private warned: EngineStatus['state'] | undefined;
  private wanted = true;

  constructor(
    launch: () => EngineLaunch,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.client = new EngineClient(launch);
    this.client.onState((status) => this.follow(status));
  }

  get status(): EngineStatus {
    return this.client.status;
  }

  /** The process and device as they answered last; undefined while none has. */
  get description(): EngineDescription | undefined {
    return this.described;
  }

  readonly call: Client<EngineCalls> = async (method, params, options) => {
    requireTrust('Running a model');
    return this.client.call(method, withWorkspace(method, params, folderOf), options);
  };

  onChange(listener: (status: EngineStatus) => void): Unsubscribe {
    return this.changes.on(listener);
  }

  async restart(): Promise<void> {
    requireTrust('Running a model');
    await this.client.restart();
  }

  dispose(): void {
    this.wanted = false;
    this.changes.dispose();
    this.client.dispose().catch((error: unknown) => this.log.error(String(error)));
  }

  private follow(status: EngineStatus): void {
    if (!this.wanted) return;
    this.log.debug(`engine ${status.state}: ${status.sentence}`);
    if (status.state === 'ready') {
      if (this.warned === 'stuck')
        vscode.window.setStatusBarMessage('AR Lens: the engine answers again', 4_000);
      this.warned = undefined;
      this.describe();
    }
    if (status.state === 'gone' || status.state === 'off') this.described = undefined;
    // A state without a reason is one that was asked for (a restart, a shutdown): no news to anybody.
    if (status.state === 'stuck' || (status.state === 'gone' && status.reason !== undefined))
      this.warn(status);
    this.changes.fire(status);
  }

  private describe(): void {
    this.client.call('describe', undefined).then(
      (description) => {
        this.described = description;
        this.changes.fire(this.status);
      },
      (error: unknown) => this.log.warn(`engine: no description: ${String(error)}`),
    );
  }

  /** Each trouble once. An older notification may still wait in the bell: it must not swallow this one. */
  private warn(status: EngineStatus): void {
    if (this.warned === status.state) return;
    this.warned = status.state;
    const offers = [
      { label: 'Restart Engine', command: COMMANDS.restartEngine },
      { label: 'Show Log', command: COMMANDS.showLog },
    ];
    offer(vscode.window.showWarningMessage, status.sentence, offers).catch((error: unknown) =>
      this.log.error(String(error)),
    );
  }
}
