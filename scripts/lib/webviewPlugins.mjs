// What the views' bundles leave out of their dependencies: one place, for the build and for the tests that bundle too.
import { readFile } from 'node:fs/promises';

/** mermaid fetches each kind of diagram, and KaTeX for labels, by dynamic imports; the views draw flowcharts alone. */
const flowchartsOnly = {
  name: 'flowcharts-only',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, importer, path }) => {
      if (kind !== 'dynamic-import' || !/node_modules[\\/]mermaid[\\/]/.test(importer)) return undefined;
      return /\/(flowDiagram|dagre)-/.test(path) ? undefined : { path, namespace: 'left-out' };
    });
    build.onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path}: left out of this bundle`)});`,
    }));
  },
};

/** Every browser here reads woff2: the older formats of KaTeX's fonts stay behind. */
const woff2Only = {
  name: 'woff2-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]katex[\\/].*\.css$/ }, async ({ path }) => {
      const css = await readFile(path, 'utf8');
      const contents = css.replaceAll(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\([^)]+\)/g, '');
      return { contents, loader: 'css' };
    });
  },
};

/** Scripts that views fetch when they need them, by the name they have beside the views' own. */
export const sharedScripts = { katex: 'webview/formulas/katexBundle.ts' };

export const webviewPlugins = [flowchartsOnly, woff2Only];
