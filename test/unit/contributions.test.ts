// package.json's contributions, the ids in src/host/ids.ts and the code that uses them say the same.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN_COUNT } from '../../src/host/annotations/bins';
import { METRICS } from '../../src/host/annotations/metric';
import {
  COLOURS,
  COMMANDS,
  CONTEXT_KEYS,
  EDITORS,
  EXTENSION_ID,
  PANELS,
  SETTINGS,
  VIEW_CONTAINER,
  VIEWS,
} from '../../src/host/ids';
import { holdsImages } from '../../src/host/images/imageSubject';
import { SPEC_SUFFIX } from '../../src/protocol/run';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Menu {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: ReadonlyArray<{
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }>;
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly keybindings: readonly Menu[];
    readonly viewsContainers: {
      readonly activitybar: ReadonlyArray<{ readonly id: string; readonly icon: string }>;
    };
    readonly views: Readonly<Record<string, ReadonlyArray<{ readonly id: string }>>>;
    readonly customEditors: ReadonlyArray<{
      readonly viewType: string;
      readonly priority: string;
      readonly selector: ReadonlyArray<{ readonly filenamePattern: string }>;
    }>;
    readonly viewsWelcome: ReadonlyArray<{ readonly view: string; readonly contents: string }>;
    readonly colors: ReadonlyArray<{
      readonly id: string;
      readonly defaults: Readonly<Record<string, string>>;
    }>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          { readonly scope?: string; readonly default: unknown; readonly enum?: readonly string[] }
        >
      >;
    };
    readonly walkthroughs: ReadonlyArray<{
      readonly steps: ReadonlyArray<{
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }>;
    }>;
  };
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const ids = Object.values<string>(COMMANDS);
const contributed = contributes.commands.map((each) => each.command);
const views = Object.values(contributes.views)
  .flat()
  .map((view) => view.id);
const host = sources(path.join(ROOT, 'src/host'));

describe('commands', () => {
  it('are contributed exactly where they are registered', () => {
    expect([...contributed].sort()).toEqual([...ids].sort());
    expect(new Set(contributed).size).toBe(contributed.length);
    // One line of the table registers each: every id stands in exactly one command's definition.
    for (const name of Object.keys(COMMANDS)) {
      const definitions = host.filter(({ text }) => new RegExp(`\\bid: COMMANDS\\.${name}\\b`).test(text));
      expect(definitions, `definition of COMMANDS.${name}`).toHaveLength(1);
    }
  });

  it('stand in the command table', () => {
    const table = textOf('commands/commandTable.ts');
    for (const { file, text } of host.filter((each) => /\bid: COMMANDS\.\w+/.test(each.text))) {
      for (const [, name] of text.matchAll(/export const (\w+): Command = /g)) {
        expect(table, `${name} of ${file}`).toMatch(new RegExp(`^ {2}${name},$`, 'm'));
      }
    }
  });

  it('say what they are: a title, under AR Lens', () => {
    for (const { title, category } of contributes.commands) {
      expect(title).not.toBe('');
      expect(category).toBe('AR Lens');
    }
  });

  it('exist wherever a menu, key, welcome text or walkthrough names one', () => {
    const named = [
      ...Object.values(contributes.menus)
        .flat()
        .map((menu) => menu.command),
      ...contributes.keybindings.map((key) => key.command),
    ];
    const links = [
      ...contributes.viewsWelcome.map((welcome) => welcome.contents),
      ...contributes.walkthroughs.flatMap((each) => each.steps.map((step) => step.description)),
    ].flatMap((text) => [...text.matchAll(/\(command:([^)?]+)/g)].map((match) => match[1] ?? ''));
    const focus = views.map((view) => `${view}.focus`);
    for (const command of [...named, ...links].filter((each) => each.startsWith('arLens.'))) {
      expect([...contributed, ...focus]).toContain(command);
    }
  });

  it('of a run’s menu are those that its model is for', () => {
    const offered = (item: string): string[] =>
      (contributes.menus['view/item/context'] ?? [])
        .filter(({ when }) => {
          const [, same, pattern] = /viewItem (?:== (\S+)|=~ \/(.+)\/)$/.exec(when ?? '') ?? [];
          return same === undefined ? new RegExp(pattern ?? 'missing').test(item) : same === item;
        })
        .map(({ command }) => command);
    const looks = [
      COMMANDS.showCausalMask,
      COMMANDS.showReceptiveField,
      COMMANDS.check,
      COMMANDS.showDiagram,
      COMMANDS.sample,
      COMMANDS.openSampler,
    ];
    for (const item of ['run model', 'run images', 'run model resumable', 'run images resumable'])
      expect(offered(item), item).toEqual(expect.arrayContaining([...looks, COMMANDS.showTraining]));
    // Annotations are of texts, and a run without weights has no network to look into.
    expect(offered('run model')).toContain(COMMANDS.annotateWith);
    expect(offered('run images')).not.toContain(COMMANDS.annotateWith);
    expect(offered('run resumable').filter((command) => looks.some((look) => look === command))).toEqual([]);
    expect(offered('run images')).not.toContain(COMMANDS.resumeTraining);
  });

  it('that only make sense from a link are hidden from the palette', () => {
    const hidden = contributes.menus['commandPalette']
      ?.filter((menu) => menu.when === 'false')
      .map((menu) => menu.command);
    expect(hidden).toEqual([COMMANDS.continueFrom]);
  });
});

describe('views', () => {
  it('are the ones the code fills, in our container', () => {
    expect(contributes.viewsContainers.activitybar.map((each) => each.id)).toEqual([VIEW_CONTAINER]);
    expect(Object.keys(contributes.views)).toEqual([VIEW_CONTAINER]);
    expect([...views].sort()).toEqual(Object.values<string>(VIEWS).sort());
    for (const { view } of contributes.viewsWelcome) expect(views).toContain(view);
  });

  it('that come back after a reload can wake the extension, and so can a spec, which has lenses and squiggles', () => {
    const panels = Object.values(PANELS).map((panel) => `onWebviewPanel:${panel}`);
    expect(manifest.activationEvents).toEqual([...panels, `workspaceContains:**/*${SPEC_SUFFIX}`]);
  });

  it('that are editors are offered beside the files’ own, for the files that hold images', () => {
    expect(contributes.customEditors.map((each) => each.viewType)).toEqual(Object.values<string>(EDITORS));
    for (const { priority, selector } of contributes.customEditors) {
      expect(priority).toBe('option');
      for (const { filenamePattern } of selector)
        expect(holdsImages(filenamePattern.replace('*', 'name')), filenamePattern).toBe(true);
    }
    expect(['a.txt', 'ubyte', 'a.idx.txt', 'a.gz'].some(holdsImages)).toBe(false);
    const when = contributes.menus['explorer/context']?.find(({ when: clause }) =>
      clause?.includes('-ubyte'),
    )?.when;
    const pattern = /=~ \/(.+)\/i$/.exec(when ?? '')?.[1] ?? 'missing';
    for (const name of [
      'a.png',
      'a.JPG',
      'train-images-idx3-ubyte.gz',
      'a.idx',
      'a.idx.gz',
      'a.npz',
      'a.txt',
    ])
      expect(new RegExp(pattern, 'i').test(name), name).toBe(holdsImages(name));
  });

  it('images are trained on, and get a spec, where they are shown', () => {
    const ofImages = (command: string): string[] =>
      (contributes.menus['explorer/context'] ?? [])
        .filter((menu) => menu.command === command && menu.when?.includes('-ubyte') === true)
        .map(({ when }) => when ?? '');
    const [shown = ''] = ofImages(COMMANDS.showLogProbs);
    expect(shown).toContain('explorerResourceIsFolder');
    for (const command of [COMMANDS.trainOnFile, COMMANDS.newSpec])
      expect(ofImages(command)).toEqual([shown]);
  });

  it('name only context keys that are set somewhere', () => {
    const known = new Set<string>([...Object.values(CONTEXT_KEYS), ...views]);
    const clauses = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      (menu) => menu.when ?? '',
    );
    for (const [key] of clauses.flatMap((clause) => [...clause.matchAll(/arLens\.\w+/g)]))
      expect(known).toContain(key);
    for (const name of Object.keys(CONTEXT_KEYS)) {
      expect(
        host.some(({ text }) => text.includes(`'setContext', CONTEXT_KEYS.${name}`)),
        name,
      ).toBe(true);
    }
  });
});

describe('settings', () => {
  const properties = contributes.configuration.properties;

  it('are contributed exactly where they are read', () => {
    expect(Object.keys(properties).sort()).toEqual(Object.values<string>(SETTINGS).sort());
    const settings = textOf('settings.ts');
    for (const name of Object.keys(SETTINGS)) expect(settings, name).toContain(`SETTINGS.${name}`);
  });

  it('are read through settings.ts alone', () => {
    const readers = host.filter(({ text }) => text.includes('getConfiguration(')).map(({ file }) => file);
    expect(readers).toEqual(['settings.ts']);
  });

  it('have the defaults that the code falls back to', () => {
    const settings = textOf('settings.ts');
    for (const [name, key] of Object.entries(SETTINGS)) {
      const fallback = new RegExp(`SETTINGS\\.${name}, ([^)]+)\\)`).exec(settings)?.[1];
      if (fallback === undefined) continue;
      expect(JSON.parse(fallback.replaceAll("'", '"')), name).toBe(properties[key]?.default);
    }
    expect(properties[SETTINGS.metric]?.enum).toEqual([...METRICS]);
  });

  it('that name an executable belong to the machine, and an untrusted workspace sets nothing that runs', () => {
    expect(properties[SETTINGS.nodePath]?.scope).toBe('machine');
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const key of [SETTINGS.nodePath, SETTINGS.instructionSet, SETTINGS.device, SETTINGS.model]) {
      expect(restricted).toContain(key);
    }
  });
});

describe('colours', () => {
  const wanted = [
    ...Array.from({ length: BIN_COUNT }, (_, i) => COLOURS.surprisal(i + 1)),
    COLOURS.ink,
    COLOURS.ruler,
    COLOURS.lineEnd,
  ];

  it('are contributed exactly where they are used, for all four kinds of theme', () => {
    expect(contributes.colors.map((each) => each.id)).toEqual(wanted);
    for (const { id, defaults } of contributes.colors) {
      expect(Object.keys(defaults).sort(), id).toEqual([
        'dark',
        'highContrast',
        'highContrastLight',
        'light',
      ]);
      for (const value of Object.values(defaults)) expect(value).toMatch(/^#[0-9a-f]{6}$/);
    }
  });
});

describe('files', () => {
  it('named by the manifest are there, and walkthrough pages have their picture', () => {
    const files = [manifest.icon, ...contributes.viewsContainers.activitybar.map((each) => each.icon)];
    for (const { steps } of contributes.walkthroughs) {
      for (const { media, completionEvents } of steps) {
        const page = path.join(ROOT, media.markdown);
        const picture = /!\[[^\]]+\]\(([^)]+)\)/.exec(readFileSync(page, 'utf8'))?.[1] ?? 'missing';
        files.push(path.relative(ROOT, path.join(path.dirname(page), picture)));
        for (const event of completionEvents) {
          const [kind, id] = event.split(':');
          expect(kind === 'onCommand' ? contributed : views, event).toContain(id);
        }
      }
    }
    for (const file of files) expect(statSync(path.join(ROOT, file)).size, file).toBeGreaterThan(0);
  });

  it('the extension is called what the code calls it', () => {
    expect(`${manifest.publisher}.${manifest.name}`).toBe(EXTENSION_ID);
  });
});

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(folder: string, under = ''): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(under, entry.name);
    if (entry.isDirectory()) return sources(path.join(folder, entry.name), file);
    if (!entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) return [];
    return [{ file, text: readFileSync(path.join(folder, entry.name), 'utf8') }];
  });
}

function textOf(file: string): string {
  return host.find((each) => each.file === file)?.text ?? '';
}
