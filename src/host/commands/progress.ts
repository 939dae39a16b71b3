// Progress with cancel for whatever takes over a second; quicker work shows nothing at all.
import * as vscode from 'vscode';

const PATIENCE = 1_000;

/**
 * @param work gets a signal to stop on, and a way to say what it does now
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let report: (message: string) => void = () => undefined;
  let last: string | undefined;
  const done = work(abort.signal, (message) => {
    last = message;
    report(message);
  });
  let finished = false;
  const settled = done.then(
    () => void (finished = true),
    () => void (finished = true),
  );
  await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if (finished) return done;
  void vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      report = (message) => progress.report({ message });
      if (last !== undefined) report(last);
      token.onCancellationRequested(() => abort.abort());
      await settled;
    },
  );
  return done;
}
