// Annotates one document with one model, with progress, and says in one sentence when that cannot be.
import type * as vscode from 'vscode';
import { fromErrorRecord } from '../../protocol/errors';
import { modelName } from '../explorer/runFolders';
import type { Services } from '../services';
import { withProgress } from './progress';

export async function annotateDocument(
  { annotations }: Services,
  document: vscode.TextDocument,
  model: string,
): Promise<void> {
  await withProgress(`Scoring with ${modelName(model)}`, async (signal, say) => {
    signal.addEventListener('abort', () => annotations.session(document)?.cancel());
    const stop = annotations.changes.on(() => {
      const state = annotations.session(document)?.state;
      if (state?.kind === 'scoring') say(`${Math.floor(state.share * 100)} %`);
    });
    try {
      await annotations.annotate(document, model);
    } finally {
      stop();
    }
  });
  const session = annotations.session(document);
  // An engine that ended has its own notification, and the session waits for it to come back.
  if (session?.state.kind !== 'failed' || session.halted) return;
  const { error } = session.state;
  annotations.clear(document.uri);
  throw fromErrorRecord(error);
}
