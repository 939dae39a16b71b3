// What views that draw on canvases need from the page: its theme as it is now, and the width an element really has.
import { useLayoutEffect, useState } from 'preact/hooks';
import { onThemeChange, readTheme, type Theme } from './theme';

/** Read anew after each change of theme. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(readTheme);
  useLayoutEffect(() => onThemeChange(() => setTheme(readTheme())), []);
  return theme;
}

/** CSS pixels inside `element`; before it is measured, what the page leaves it. */
export function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(Math.max(200, document.documentElement.clientWidth - 48));
  useLayoutEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      // A view that is being hidden has no width: what it had stays right.
      const now = Math.floor(entry?.contentRect.width ?? 0);
      if (now > 0) setWidth(now);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
