// Fetches KaTeX once, from beside the view's own script, with the nonce that the page gave it. Nothing else may load.

export type DrawFormula = (
  latex: string,
  element: HTMLElement,
  options: { readonly displayMode: boolean },
) => void;

declare global {
  interface Window {
    arLensDrawFormula?: DrawFormula;
  }
}

/** The view's script: known only while it runs for the first time. */
const own = document.currentScript;
let loading: Promise<DrawFormula> | undefined;

/** @throws one sentence where the files are not there */
export function loadKatex(): Promise<DrawFormula> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined; // asked again when the next formula is opened
    throw error;
  });
  return loading;
}

async function load(): Promise<DrawFormula> {
  if (!(own instanceof HTMLScriptElement))
    throw new Error('loadKatex: expected to run in a script of the page');
  const beside = (file: string) => new URL(file, own.src).href;
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = beside('katex.css');
  const script = document.createElement('script');
  script.nonce = own.nonce ?? '';
  script.src = beside('katex.js');
  await Promise.all([arrival(style), arrival(script)]);
  const { arLensDrawFormula } = window;
  if (arLensDrawFormula === undefined) throw new Error('loadKatex: expected a renderer, got none');
  return arLensDrawFormula;
}

function arrival(element: HTMLLinkElement | HTMLScriptElement): Promise<void> {
  return new Promise((resolve, reject) => {
    element.onload = () => resolve();
    element.onerror = () => reject(new Error('The formulas’ own files could not be loaded.'));
    document.head.append(element);
  });
}
