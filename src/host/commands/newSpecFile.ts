// A new spec beside a text, with defaults that show something within a minute on a laptop. Every key can be changed;
// the schema explains each on hover.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { SPEC_SUFFIX } from '../../protocol/run';

/** The spec of a text: beside it, under its name, written where there is none. */
export async function specOfText(text: vscode.Uri): Promise<vscode.Uri> {
  const name = path.posix.basename(text.path);
  const spec = vscode.Uri.joinPath(text, '..', `${name.replace(/\.[^.]+$/, '')}${SPEC_SUFFIX}`);
  if (!(await exists(spec))) await writeSpec(spec, textSpec(name));
  return spec;
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

export async function writeSpec(spec: vscode.Uri, content: object): Promise<void> {
  await vscode.workspace.fs.writeFile(spec, Buffer.from(`${JSON.stringify(content, null, 2)}\n`, 'utf8'));
}

function textSpec(source: string): object {
  return {
    family: 'transformer',
    model: { layers: 4, heads: 4, width: 128, contextLength: 64, dropout: 0 },
    data: { source, tokenizer: 'byte', validation: 0.1 },
    train: {
      steps: 1000,
      batchSize: 12,
      learningRate: 0.001,
      warmupSteps: 100,
      weightDecay: 0.1,
      seed: 1337,
      evaluateEvery: 100,
      sampleEvery: 100,
    },
    device: 'auto',
  };
}
