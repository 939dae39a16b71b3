// The Devices view: each device, whether it can run and why not, and which one does.
import * as vscode from 'vscode';
import type { DeviceReport, DevicesReport } from '../../protocol/engine';
import { toErrorRecord } from '../../protocol/errors';
import type { EngineService } from '../engine/engineService';
import { ITEMS, VIEWS } from '../ids';

type DeviceNode =
  | {
      readonly kind: 'device';
      readonly device: DeviceReport;
      readonly running: boolean;
      /** Why "auto" picks it; absent where it does not. */
      readonly auto: string | undefined;
    }
  | { readonly kind: 'note'; readonly label: string; readonly tooltip: string; readonly icon: string };

export class DevicesTree implements vscode.TreeDataProvider<DeviceNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<DeviceNode>;
  private readonly stop: () => void;
  private report: DevicesReport | undefined;
  private pid: number | undefined;

  constructor(private readonly engine: EngineService) {
    this.view = vscode.window.createTreeView(VIEWS.devices, { treeDataProvider: this });
    this.stop = engine.onChange((status) => {
      if (status.pid !== this.pid || status.state === 'gone') this.report = undefined;
      this.pid = status.pid;
      this.changed.fire(undefined);
    });
  }

  async getChildren(node?: DeviceNode): Promise<DeviceNode[]> {
    if (node !== undefined) return [];
    if (!vscode.workspace.isTrusted) {
      return [
        note(
          'This workspace is not trusted: nothing runs',
          'Trust it to see what can run here.',
          'workspace-untrusted',
        ),
      ];
    }
    const { status } = this.engine;
    if (status.state === 'gone') return [note(status.sentence, status.action, 'error')];
    try {
      const report = (this.report ??= await this.engine.call('devices', undefined));
      const running = this.engine.description?.device.id;
      const nodes: DeviceNode[] = report.devices.map((device) => ({
        kind: 'device',
        device: device.id === running ? (this.engine.description?.device ?? device) : device,
        running: device.id === running,
        auto: device.id === report.auto ? report.autoReason : undefined,
      }));
      if (status.node !== undefined) nodes.push(note('engine', status.node, 'server-process'));
      return nodes;
    } catch (error) {
      const { message, action } = toErrorRecord(error);
      return [note(message, action ?? '', 'error')];
    }
  }

  getTreeItem(node: DeviceNode): vscode.TreeItem {
    if (node.kind === 'note') {
      const item = new vscode.TreeItem(node.label);
      item.tooltip = node.tooltip;
      item.description = node.icon === 'server-process' ? node.tooltip : '';
      item.iconPath = new vscode.ThemeIcon(node.icon);
      return item;
    }
    const { device, running, auto } = node;
    const item = new vscode.TreeItem(device.label);
    item.contextValue = ITEMS.device;
    item.description = deviceDescription(device, running, auto !== undefined);
    item.tooltip = auto === undefined ? device.reason : `${device.reason}\nauto: ${auto}`;
    item.iconPath = new vscode.ThemeIcon(
      running ? 'pass-filled' : device.available ? 'pass' : 'circle-slash',
    );
    item.accessibilityInformation = { label: `${device.label}, ${item.description}. ${item.tooltip}` };
    return item;
  }

  dispose(): void {
    this.stop();
    this.view.dispose();
    this.changed.dispose();
  }
}

function deviceDescription(device: DeviceReport, running: boolean, auto: boolean): string {
  if (!device.available) return device.reason;
  const parts = [running ? 'runs now' : auto ? 'what auto picks' : 'available'];
  if (device.instructionSet !== undefined) parts.push(device.instructionSet);
  if (device.threads !== undefined)
    parts.push(`${device.threads} ${device.threads === 1 ? 'thread' : 'threads'}`);
  if (device.adapter !== undefined) parts.push(device.adapter);
  return parts.join(' · ');
}

const note = (label: string, tooltip: string, icon: string): DeviceNode => ({
  kind: 'note',
  label,
  tooltip,
  icon,
});
