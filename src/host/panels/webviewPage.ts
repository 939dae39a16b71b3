// Fills a webview with one of our views, and allows it nothing but its own files.
import * as vscode from 'vscode';
import type { ViewId } from '../../protocol/views';
import { webviewHtml } from './webviewHtml';

export function fillWebview(
  webview: vscode.Webview,
  extension: vscode.Uri,
  view: ViewId,
  title: string,
): void {
  const at = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(extension, ...parts);
  webview.options = { enableScripts: true, localResourceRoots: [at('dist'), at('media')] };
  webview.html = webviewHtml({
    view,
    title,
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(at('dist', 'webview', `${view}.js`)).toString(),
    style: webview.asWebviewUri(at('dist', 'webview', `${view}.css`)).toString(),
  });
}
