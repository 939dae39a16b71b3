// What a person chose in the Images view; kept with the view by VS Code, and by which a folder's panel comes back.

export type Order = 'most' | 'least' | 'file';
export type Mode = 'beside' | 'over';
/** The sum over an image's channels, or one of them. */
export type Channel = 'all' | 'red' | 'green' | 'blue';

/** Pixels of a side of the regions. */
export const SIDES = ['1', '2', '3', '4', '6', '8', '12', '16', '32'] as const;
export type SideChoice = (typeof SIDES)[number];

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
  readonly side: SideChoice;
  /** Whether the regions are outlined on the image. */
  readonly outlines: 'shown' | 'hidden';
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
  side: '4',
  outlines: 'shown',
};

export const LARGEST_ZOOM = 16;
