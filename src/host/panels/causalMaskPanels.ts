// All Causal mask panels of the window, one per spec or run; after a reload they find what they showed by what the view kept.
import * as vscode from 'vscode';
import type { MaskSubject } from '../../protocol/causalMaskView';
import { MaskSession, type MaskSource } from '../causalMask/maskSession';
import { runSource, specSource } from '../causalMask/maskSources';
import type { EngineService } from '../engine/engineService';
import type { RunStore } from '../explorer/runStore';
import { PANELS } from '../ids';
import { CausalMaskPanel } from './causalMaskPanel';
import { fillWebview } from './webviewPage';

export interface CausalMaskPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly runs: RunStore;
  readonly log: vscode.LogOutputChannel;
}

export class CausalMaskPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, CausalMaskPanel>();
  private readonly owned: readonly vscode.Disposable[];
  private readonly stopRuns: () => void;

  constructor(private readonly parts: CausalMaskPanelsParts) {
    this.owned = [
      vscode.window.registerWebviewPanelSerializer(PANELS.causalMask, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.changed(document.uri)),
    ];
    this.stopRuns = parts.runs.changes.on(() => this.changed());
  }

  /** The subject's panel, measured where it is not yet. */
  show(subject: MaskSubject): CausalMaskPanel {
    const known = [...this.open].find(([, shown]) => sameSubject(shown.session.source.subject, subject));
    if (known !== undefined) {
      known[0].reveal();
      void known[1].measureIfNeeded();
      return known[1];
    }
    const source = this.sourceOf(subject);
    const panel = vscode.window.createWebviewPanel(
      PANELS.causalMask,
      `Mask ${source.name}`,
      // Beside its spec, so that an edit shows at once.
      { viewColumn: subject.kind === 'spec' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active },
      { enableFindWidget: false },
    );
    const shown = this.fill(panel, source, undefined);
    void shown.measureIfNeeded();
    return shown;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = keptState(state);
    if (kept === undefined) {
      panel.dispose(); // it never had a subject: an empty panel would be worse than none
      return;
    }
    await this.parts.runs.ready();
    this.fill(panel, this.sourceOf(kept.subject), kept.length);
  }

  dispose(): void {
    this.stopRuns();
    for (const each of this.owned) each.dispose();
    for (const panel of this.open.keys()) panel.dispose();
    this.open.clear();
  }

  private sourceOf(subject: MaskSubject): MaskSource {
    return subject.kind === 'spec'
      ? specSource(vscode.Uri.parse(subject.uri))
      : runSource(subject.folder, this.parts.runs);
  }

  private fill(panel: vscode.WebviewPanel, source: MaskSource, length: number | undefined): CausalMaskPanel {
    const { context, engine, log } = this.parts;
    const media = vscode.Uri.joinPath(context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'causal-mask-light.svg'),
      dark: vscode.Uri.joinPath(media, 'causal-mask-dark.svg'),
    };
    const shown = new CausalMaskPanel({ panel, engine, log }, new MaskSession(engine.call, source, length));
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, context.extensionUri, 'causalMask', panel.title);
    return shown;
  }

  /** @param uri of an edited text; runs when absent */
  private changed(uri?: vscode.Uri): void {
    const key = uri?.toString();
    for (const { session } of this.open.values()) {
      const { subject } = session.source;
      if (subject.kind === 'spec' ? subject.uri === key : key === undefined) session.sourceChanged();
    }
  }
}

function sameSubject(a: MaskSubject, b: MaskSubject): boolean {
  if (a.kind === 'spec') return b.kind === 'spec' && a.uri === b.uri;
  return b.kind === 'run' && a.folder === b.folder;
}

/** What the view kept is data from a page: trusted with nothing. */
function keptState(state: unknown): { subject: MaskSubject; length: number | undefined } | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { spec, run, length } = state as Record<string, unknown>;
  const usable = typeof length === 'number' && Number.isInteger(length) && length > 0 ? length : undefined;
  if (typeof spec === 'string' && spec !== '')
    return { subject: { kind: 'spec', uri: spec }, length: usable };
  if (typeof run === 'string' && run !== '') return { subject: { kind: 'run', folder: run }, length: usable };
  return undefined;
}
