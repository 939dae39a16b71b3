// Finds the document inside a webview: window > iframe.webview (its address names the extension) > iframe#active-frame.
import type { Frame, Page } from 'playwright-core';
import { until } from './until';

/** All live webview documents of an extension. */
export async function webviewFrames(page: Page, extensionId: string): Promise<Frame[]> {
  const found: Frame[] = [];
  for (const frame of page.frames()) {
    const outer = frame.parentFrame();
    if (!outer?.url().includes(`extensionId=${encodeURIComponent(extensionId)}`)) continue;
    try {
      const element = await frame.frameElement();
      if ((await element.getAttribute('id')) === 'active-frame') found.push(frame);
    } catch {
      // the frame was replaced while we looked
    }
  }
  return found;
}

/** The webview whose document holds something that matches `selector`. */
export function webviewFrame(
  page: Page,
  extensionId: string,
  selector: string,
  timeout = 30_000,
): Promise<Frame> {
  return until(
    `a webview of ${extensionId} with ${selector}`,
    async () => {
      for (const frame of await webviewFrames(page, extensionId)) {
        if ((await frame.locator(selector).count()) > 0) return frame;
      }
      return undefined;
    },
    { timeout },
  );
}

/** The content security policy a webview's document declares. */
export function policyOf(frame: Frame): Promise<string> {
  return frame.evaluate(() => {
    const meta = document.querySelector('meta[http-equiv="Content-Security-Policy" i]');
    return meta?.getAttribute('content') ?? '';
  });
}
