// Colours for canvases: what the tokens in styles/tokens.css come to in the theme that is on now.
// Canvas cannot read custom properties, so a hidden element resolves them.

export interface Theme {
  /** A colour token without its dashes: 'ar-line-1'. */
  color(token: string): string;
  /** Canvas font shorthand of `size` CSS pixels, scaled by `ratio`. */
  font(size: number, ratio: number, weight?: number): string;
  /** The same, of the editor's font, whose characters are equally wide. */
  mono(size: number, ratio: number): string;
}

export function readTheme(): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const known = new Map<string, string>();
  const body = getComputedStyle(document.body);
  const family = body.fontFamily;
  const mono = body.getPropertyValue('--ar-mono').trim() || 'monospace';
  const color = (token: string) => {
    const found = known.get(token);
    if (found !== undefined) return found;
    if (!probe.isConnected) document.body.append(probe);
    probe.style.color = `var(--${token})`;
    const value = getComputedStyle(probe).color;
    known.set(token, value);
    probe.remove();
    return value;
  };
  return {
    color,
    font: (size, ratio, weight = 400) => `${weight} ${size * ratio}px ${family}`,
    mono: (size, ratio) => `${size * ratio}px ${mono}`,
  };
}

/** Calls back after each change of theme; returns what stops it. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => observer.disconnect();
}
