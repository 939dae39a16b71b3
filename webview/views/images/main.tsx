// Entry of the Images view: "Where does the likelihood go?". Takes state, bits, slices and pixels from the host, asks
// for what is in sight, draws at most once a frame.
import { render } from 'preact';
import type {
  ImagesContent,
  ImagesHostCalls,
  ImagesLook,
  ImagesPoint,
  ImagesViewCalls,
} from '../../../src/protocol/imagesView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import 'uplot/dist/uPlot.min.css';
import './images.css';
import { Gallery } from './gallery';
import { ImagesView } from './imagesView';
import { DEFAULTS, type Change } from './settings';
import type { Place } from './stage';

let state: ViewState<ImagesContent> = { kind: 'working', doing: 'Opening the images', cancel: false };
let settings = loadSettings(DEFAULTS);
let gallery: Gallery | undefined;
let look: ImagesLook | undefined;
let point: ImagesPoint | undefined;
let pointed: Place | undefined;
/** What was asked for last, and whether its answer is still to come. */
let asked = { look: '', point: '', pointing: false };
let arrived = 0;
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';
/** Bits that came before the state that says how many images there are. */
let early: Array<ImagesViewCalls['bits']['params']> = [];

const host = connect<ImagesHostCalls, ImagesViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') adopt(next.content);
      return arrive();
    },
    bits(part) {
      if (gallery === undefined) early.push(part);
      else gallery.add(part);
      return arrive();
    },
    slice(slice) {
      gallery?.take(slice);
      return arrive();
    },
    look(next) {
      look = next;
      return arrive();
    },
    point(next) {
      point = next;
      asked = { ...asked, pointing: false };
      return arrive();
    },
  },
  (sentence) => {
    trouble = sentence;
    gallery?.forgetRequests();
    asked = { ...asked, pointing: false };
    schedule();
  },
);

function arrive(): Promise<undefined> {
  arrived++;
  schedule();
  return Promise.resolve(undefined);
}

function adopt({ source, set, serial }: ImagesContent): void {
  if (gallery?.images !== set.images || settings.source !== source) {
    const elsewhere = settings.source !== source || settings.image >= set.images;
    gallery = new Gallery(set.images);
    for (const part of early) gallery.add(part);
    early = [];
    change({ source, ...(elsewhere ? { image: 0, row: 0, column: 0, zoom: 1 } : {}) });
  }
  gallery.begin(serial);
}

const change: Change = (part) => {
  settings = { ...settings, ...(typeof part === 'function' ? part(settings) : part) };
  saveSettings(settings);
  schedule();
};

/** Asks for the image and the pixel that are shown, each once. */
function ask(): void {
  if (state.kind !== 'result') return;
  const { serial, model } = state.content;
  const { image } = settings;
  // Again when the model is there: what was looked at before had no bits.
  const wanted = `${serial} ${image} ${model?.family ?? ''}`;
  if (asked.look !== wanted) {
    asked = { ...asked, look: wanted, point: '' };
    host('look', { image });
  }
  const nats = look?.image === image && look.serial === serial ? look.nats : null;
  if (nats === null) return;
  const row = Math.min((pointed ?? settings).row, nats.height - 1);
  const column = Math.min((pointed ?? settings).column, nats.width - 1);
  const place = `${serial} ${image} ${row} ${column}`;
  if (asked.pointing || asked.point === place) return;
  asked = { ...asked, point: place, pointing: true };
  host('point', { image, row, column });
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  ask();
  const current = state.kind === 'result' && look?.serial === state.content.serial;
  render(
    <ImagesView
      state={state}
      gallery={gallery}
      look={current || state.kind !== 'result' ? look : undefined}
      point={point?.image === look?.image && point?.serial === look?.serial ? point : undefined}
      pointed={pointed}
      arrived={arrived}
      trouble={trouble}
      settings={settings}
      host={host}
      change={change}
      onPoint={(place) => {
        if (place?.row === pointed?.row && place?.column === pointed?.column) return;
        pointed = place;
        schedule();
      }}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
