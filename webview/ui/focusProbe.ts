// The toolkit's base library asks the browser for :focus-visible by adding a style element, which the views' content
// security policy refuses. This answers that one question with a constructed sheet instead, and then takes itself away.
// Must be imported before the toolkit.

const { head } = document;

Object.defineProperty(head, 'appendChild', {
  configurable: true,
  value(node: Node): Node {
    if (!(node instanceof HTMLStyleElement)) return Node.prototype.appendChild.call(head, node);
    Object.defineProperty(node, 'sheet', { value: new CSSStyleSheet() });
    Object.defineProperty(head, 'removeChild', { configurable: true, value: leave });
    return node;
  },
});

/** The probe removes its element at once: that ends it. */
function leave(node: Node): Node {
  Reflect.deleteProperty(head, 'appendChild');
  Reflect.deleteProperty(head, 'removeChild');
  return node;
}

export {};
