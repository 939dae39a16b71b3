// What the Inspector's host and view say to each other. The view is a pure function of this state.
import type { Call } from './calls';
import type { ImageModelInfo, PixelDistribution } from './imageSets';
import type { TokenInspection } from './inspect';
import type { HostCalls, ViewState } from './views';

/** Inspector: what is under my cursor? */
export type InspectorContent = InspectedToken | InspectedPixel;

/** The token at the cursor of a text. */
export interface InspectedToken {
  readonly kind: 'token';
  readonly file: string;
  /** From 1; the column counts UTF-16 units as the editor's status bar does. */
  readonly line: number;
  readonly column: number;
  /** As a person calls it: the run's name. */
  readonly model: string;
  /** The text changed or another token was chosen: these values stay, dimmed, until the new ones are here. */
  readonly stale: boolean;
  /** Stays with this token, wherever the cursor goes. */
  readonly pinned: boolean;
  readonly inspection: TokenInspection;
}

/** The pixel at the crosshair of a view of images. */
export interface InspectedPixel {
  readonly kind: 'pixel';
  readonly file: string;
  /** From 0, as row and column. */
  readonly image: number;
  readonly row: number;
  readonly column: number;
  /** As a person calls it: the run's name. */
  readonly model: string;
  readonly about: ImageModelInfo;
  /** Stays with this pixel, wherever the crosshair goes. */
  readonly pinned: boolean;
  readonly distribution: PixelDistribution;
}

export interface InspectorViewCalls {
  state: Call<ViewState<InspectorContent>, undefined>;
}

export interface InspectorHostCalls extends HostCalls {
  pin: Call<{ readonly pinned: boolean }, undefined>;
  /** Tokens that are pointed at for now, by their place in the text; none: nothing is. */
  light: Call<{ readonly tokens: readonly number[] }, undefined>;
  /** Selects a token everywhere and brings it on screen. */
  select: Call<{ readonly token: number }, undefined>;
}
