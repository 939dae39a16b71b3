// mermaid writes styles as attributes, which the views' content security policy refuses. While it draws, they go through
// the style API instead, which the policy allows: so no view's policy has to let in inline styles.
// Must not know what is drawn.

/** Runs `draw` with style attributes set as properties; what others set meanwhile is set all the same. */
export async function withStylesByApi<T>(draw: () => Promise<T>): Promise<T> {
  const { prototype } = Element;
  const original = Object.getOwnPropertyDescriptor(prototype, 'setAttribute');
  if (original === undefined) throw new Error('withStylesByApi: expected setAttribute on Element, got none');
  const plain = original.value as Element['setAttribute'];
  Object.defineProperty(prototype, 'setAttribute', {
    ...original,
    value(this: Element, name: string, value: string): void {
      if (name === 'style' && 'style' in this) (this.style as CSSStyleDeclaration).cssText = value;
      else plain.call(this, name, value);
    },
  });
  try {
    return await draw();
  } finally {
    Object.defineProperty(prototype, 'setAttribute', original);
  }
}
