// The page every view starts from: one script, one style sheet, a policy that lets in nothing else. Pure but for the nonce.
import { randomBytes } from 'node:crypto';
import type { ViewId } from '../../protocol/views';

export interface PageParts {
  readonly view: ViewId;
  readonly title: string;
  /** The webview's own source for local resources. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

export function webviewHtml({ view, title, cspSource, script, style }: PageParts): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${style}" />
    <title>${title}</title>
  </head>
  <body data-view="${view}">
    <div id="root"></div>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
