// Samples into a new editor beside, as the text comes: what it is stands on its first line, so that nobody takes it for their own.
import * as vscode from 'vscode';
import type { SampleParams } from '../../protocol/sample';
import { modelName } from '../explorer/runFolders';
import { grouped } from '../annotations/numbers';
import type { Services } from '../services';
import { withProgress } from './progress';

/** Milliseconds between additions to the editor. */
const WRITE_EVERY = 100;

export interface SampleRequest {
  readonly params: SampleParams;
  /** What is shown of the prompt, in front of the sample. */
  readonly shownPrompt: string;
  /** After "sample of MODEL": where it goes on from. */
  readonly from?: string;
}

export async function sampleIntoEditor({ context, engine }: Services, request: SampleRequest): Promise<void> {
  const { params } = request;
  const sheet = await SampleSheet.open(`${header(request)}\n\n${request.shownPrompt}`, context);
  let said = 0;
  const result = await withProgress(`Sampling from ${modelName(params.model)}`, async (signal, say) => {
    try {
      return await engine.call('sample', params, {
        signal,
        onProgress: ({ text }) => {
          sheet.add(text);
          if (++said % 20 === 0) say(`${said} of ${params.length} tokens`);
        },
      });
    } finally {
      await sheet.flush();
    }
  });
  const bits = result.elements.flat().reduce((sum, { logProb }) => sum - logProb / Math.LN2, 0);
  const count = result.elements.flat().length;
  vscode.window.setStatusBarMessage(
    `AR Lens: ${grouped(count)} tokens, ${(bits / Math.max(1, count)).toFixed(2)} bits/token (${result.likelihood}), ${grouped(result.elementsPerSecond)} tokens/s`,
    10_000,
  );
}

function header({ params, from }: SampleRequest): string {
  const temperature = params.temperature ?? 1;
  const start = from === undefined ? '' : `, continued from ${from}`;
  return `[AR Lens sample of ${modelName(params.model)}${start}; seed ${params.seed}, temperature ${temperature}, ${params.length} tokens; in italics what the model was given]`;
}

let givenType: vscode.TextEditorDecorationType | undefined;

/** Where the model takes over must be seen: what it was given is quiet and in italics, what it writes is not. */
function given(context: vscode.ExtensionContext): vscode.TextEditorDecorationType {
  if (givenType !== undefined) return givenType;
  givenType = vscode.window.createTextEditorDecorationType({
    color: new vscode.ThemeColor('descriptionForeground'),
    fontStyle: 'italic',
  });
  context.subscriptions.push(givenType);
  return givenType;
}

/** An untitled document that text is appended to, one edit at a time. */
class SampleSheet {
  private waiting = '';
  private last: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly document: vscode.TextDocument,
    private readonly markGiven: () => void,
  ) {}

  static async open(content: string, context: vscode.ExtensionContext): Promise<SampleSheet> {
    const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    const end = document.lineAt(document.lineCount - 1).range.end;
    const range = new vscode.Range(new vscode.Position(0, 0), end);
    const mark = (): void => editor.setDecorations(given(context), [range]);
    mark();
    return new SampleSheet(document, mark);
  }

  add(text: string): void {
    this.waiting += text;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, WRITE_EVERY);
  }

  /** Resolves when everything added so far stands in the document. */
  flush(): Promise<unknown> {
    this.last = this.last.then(async () => {
      const text = this.waiting;
      this.waiting = '';
      if (text === '' || this.document.isClosed) return;
      const edit = new vscode.WorkspaceEdit();
      edit.insert(this.document.uri, this.document.lineAt(this.document.lineCount - 1).range.end, text);
      await vscode.workspace.applyEdit(edit);
      this.markGiven(); // the editor stretches a mark over what is added at its end
    });
    return this.last;
  }
}
