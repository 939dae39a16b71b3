// What a person chose in the Images view; kept with the view by VS Code, and by which a folder's panel comes back.

export type Order = 'most' | 'least' | 'file';
export type Mode = 'beside' | 'over';
/** The sum over an image's channels, or one of them. */
export type Channel = 'all' | 'red' | 'green' | 'blue';

export interface Settings {
  readonly source: string;
  readonly image: number;
  /** The pixel that is chosen. */
  readonly row: number;
  readonly column: number;
  readonly mode: Mode;
  readonly channel: Channel;
  readonly order: Order;
  /** Times the size at which the whole image fits. */
  readonly zoom: number;
}

/** Another choice; as a function of what is chosen now where keys come faster than frames. */
export type Change = (part: Partial<Settings> | ((now: Settings) => Partial<Settings>)) => void;

export const DEFAULTS: Settings = {
  source: '',
  image: 0,
  row: 0,
  column: 0,
  mode: 'beside',
  channel: 'all',
  order: 'most',
  zoom: 1,
};

export const LARGEST_ZOOM = 16;
