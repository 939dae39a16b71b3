// The four kinds of theme as a webview meets them: custom properties on <html>, a class and an attribute on <body>.
// Colours near those of the editor's default themes; only for tests.

export interface ThemeFixture {
  readonly name: string;
  readonly kind: string;
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface Palette {
  readonly background: string;
  readonly side: string;
  readonly text: string;
  readonly focus: string;
  readonly link: string;
  readonly error: string;
  readonly button: readonly [background: string, text: string, border: string];
  readonly secondary: readonly [background: string, text: string];
  readonly field: readonly [background: string, border: string];
  readonly option: readonly [background: string, text: string, border: string];
  readonly hover: string;
  readonly selected: readonly [background: string, text: string];
  readonly charts: readonly [blue: string, green: string, purple: string, yellow: string, red: string];
  readonly contrast: string;
}

const PALETTES: Readonly<Record<string, readonly [kind: string, bodyClass: string, palette: Palette]>> = {
  'dark-modern': [
    'vscode-dark',
    'vscode-dark',
    {
      background: '#1f1f1f',
      side: '#181818',
      text: '#cccccc',
      focus: '#0078d4',
      link: '#4daafc',
      error: '#f85149',
      button: ['#0078d4', '#ffffff', '#ffffff1a'],
      secondary: ['#313131', '#cccccc'],
      field: ['#313131', '#3c3c3c'],
      option: ['#2489db82', '#ffffff', '#2488db'],
      hover: '#2a2d2e',
      selected: ['#04395e', '#ffffff'],
      charts: ['#3794ff', '#89d185', '#b180d7', '#cca700', '#f14c4c'],
      contrast: '',
    },
  ],
  'light-modern': [
    'vscode-light',
    'vscode-light',
    {
      background: '#ffffff',
      side: '#f8f8f8',
      text: '#3b3b3b',
      focus: '#005fb8',
      link: '#005fb8',
      error: '#c72e0f',
      button: ['#005fb8', '#ffffff', '#0000001a'],
      secondary: ['#e5e5e5', '#3b3b3b'],
      field: ['#ffffff', '#cecece'],
      option: ['#bed6ed', '#000000', '#005fb8'],
      hover: '#f2f2f2',
      selected: ['#e8e8e8', '#000000'],
      charts: ['#1a85ff', '#388a34', '#652d90', '#bf8803', '#e51400'],
      contrast: '',
    },
  ],
  'dark-high-contrast': [
    'vscode-high-contrast',
    'vscode-high-contrast',
    {
      background: '#000000',
      side: '#000000',
      text: '#ffffff',
      focus: '#f38518',
      link: '#21a6ff',
      error: '#f48771',
      button: ['', '#ffffff', '#6fc3df'],
      secondary: ['', '#ffffff'],
      field: ['#000000', '#6fc3df'],
      option: ['#00000000', '#ffffff', '#6fc3df'],
      hover: '#ffffff1a',
      selected: ['', '#ffffff'],
      charts: ['#59a4f9', '#89d185', '#b180d7', '#cca700', '#f14c4c'],
      contrast: '#6fc3df',
    },
  ],
  'light-high-contrast': [
    'vscode-high-contrast-light',
    'vscode-high-contrast vscode-high-contrast-light',
    {
      background: '#ffffff',
      side: '#ffffff',
      text: '#292929',
      focus: '#006bbd',
      link: '#0f4a85',
      error: '#b5200d',
      button: ['#0f4a85', '#ffffff', '#0f4a85'],
      secondary: ['#ffffff', '#292929'],
      field: ['#ffffff', '#0f4a85'],
      option: ['#00000000', '#292929', '#0f4a85'],
      hover: '#0f4a851a',
      selected: ['#0f4a851a', '#292929'],
      charts: ['#1a85ff', '#374e06', '#652d90', '#895503', '#b5200d'],
      contrast: '#0f4a85',
    },
  ],
};

export const THEMES: readonly ThemeFixture[] = Object.entries(PALETTES).map(
  ([name, [kind, bodyClass, palette]]) => ({
    name,
    kind,
    bodyClass,
    variables: variablesOf(palette),
  }),
);

function variablesOf(palette: Palette): Record<string, string> {
  const [blue, green, purple, yellow, red] = palette.charts;
  const all: Record<string, string> = {
    'font-family': '"Open Sans", "DejaVu Sans", sans-serif',
    'font-size': '13px',
    'font-weight': 'normal',
    'editor-font-family': '"DejaVu Sans Mono", monospace',
    'editor-font-size': '14px',
    foreground: palette.text,
    errorForeground: palette.error,
    descriptionForeground: palette.text,
    'icon-foreground': palette.text,
    focusBorder: palette.focus,
    contrastBorder: palette.contrast,
    contrastActiveBorder: palette.contrast === '' ? '' : palette.focus,
    'textLink-foreground': palette.link,
    'editor-background': palette.background,
    'editor-foreground': palette.text,
    'sideBar-background': palette.side,
    'sideBar-foreground': palette.text,
    'button-background': palette.button[0],
    'button-foreground': palette.button[1],
    'button-border': palette.button[2],
    'button-hoverBackground': palette.button[0],
    'button-secondaryBackground': palette.secondary[0],
    'button-secondaryForeground': palette.secondary[1],
    'button-secondaryHoverBackground': palette.hover,
    'input-background': palette.field[0],
    'input-foreground': palette.text,
    'input-border': palette.field[1],
    'dropdown-background': palette.field[0],
    'dropdown-foreground': palette.text,
    'dropdown-border': palette.field[1],
    'inputOption-activeBackground': palette.option[0],
    'inputOption-activeForeground': palette.option[1],
    'inputOption-activeBorder': palette.option[2],
    'list-hoverBackground': palette.hover,
    'list-activeSelectionBackground': palette.selected[0],
    'list-activeSelectionForeground': palette.selected[1],
    'toolbar-hoverBackground': palette.hover,
    'progressBar-background': palette.focus,
    'widget-shadow': '#00000040',
    'keybindingLabel-background': '#8080802b',
    'keybindingLabel-foreground': palette.text,
    'keybindingLabel-border': '#80808066',
    'keybindingLabel-bottomBorder': '#80808066',
    'charts-foreground': palette.text,
    'charts-blue': blue,
    'charts-green': green,
    'charts-purple': purple,
    'charts-yellow': yellow,
    'charts-red': red,
  };
  // Like the editor: a colour that a theme leaves out has no property at all.
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => [`--vscode-${key}`, value]),
  );
}
