// A webview as a port of the typed channel.
import type * as vscode from 'vscode';
import type { Port } from '../../protocol/channel';

export function webviewPort(webview: vscode.Webview): Port {
  return {
    // A hidden webview takes no messages: what it missed it gets as state when it says it is ready.
    send: (message) => void webview.postMessage(message),
    onMessage: (callback) => {
      const subscription = webview.onDidReceiveMessage(callback);
      return () => {
        subscription.dispose();
      };
    },
  };
}
