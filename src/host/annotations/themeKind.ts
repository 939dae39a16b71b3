// The editor's kind of theme in our words: four kinds, each with its own scale.
import * as vscode from 'vscode';
import type { ThemeKind } from './bins';

export function themeKind(): ThemeKind {
  const { kind } = vscode.window.activeColorTheme;
  switch (kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
    case vscode.ColorThemeKind.HighContrast:
      return 'highContrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'highContrastLight';
    default:
      return kind satisfies never;
  }
}
