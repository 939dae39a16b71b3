// The commands and their options, in commander's words: what `--help` prints is the contract.
// Knows no engine: each command's work is in its own file.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { annotate, type AnnotateOptions } from './commands/annotate';
import { BENCHMARK_NAMES } from '../engine/bench/bench';
import { bench } from './commands/bench';
import { check } from './commands/check';
import { devices, type DevicesOptions } from './commands/devices';
import { gates, type GatesOptions } from './commands/gates';
import { information, type InformationOptions } from './commands/information';
import type { InspectOptions } from './commands/inspect';
import { LONGEST_MASK } from '../protocol/mask';
import { mask, type MaskOptions } from './commands/mask';
import { reach, type ReachOptions } from './commands/reach';
import { sample, type SampleOptions } from './commands/sample';
import { score, type ScoreOptions } from './commands/score';
import { train, type TrainOptions } from './commands/train';
import {
  eachText,
  number,
  positiveShare,
  wholeNumber,
  withCommonOptions,
  type CommonOptions,
} from './options';
import type { Session } from './session';

export function createProgram(session: Session): Command {
  const program = new Command('ar-lens');
  program
    .description('Train autoregressive models and see how likely they find your files.')
    .version(version)
    .showHelpAfterError(false)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ar-lens: ')) });

  withCommonOptions(program.command('devices'))
    .description('what can compute here, and why the rest cannot')
    .addOption(
      new Option('--setup <device>', 'download and build what a device needs').choices(['tensorflow']),
    )
    .addOption(
      new Option('--remove <device>', 'take away what --setup made')
        .choices(['tensorflow'])
        .conflicts('setup'),
    )
    .option('--python <program>', 'the Python for --setup, in place of the first that fits')
    .option('--yes', 'agree to what --setup says it will download')
    .action((options: DevicesOptions) => devices(session, options));

  withCommonOptions(program.command('train'))
    .description('train a model from a spec file')
    .argument('<spec>', 'a file *.arlens.json')
    .option('--steps <n>', 'optimizer steps, in place of the spec’s', wholeNumber(1, 10_000_000))
    .option('--out <folder>', 'the run folder itself')
    .option('--resume', 'continue the run in --out, or the spec’s latest')
    .action((spec: string, options: TrainOptions) => train(session, spec, options));

  withCommonOptions(program.command('score'))
    .description('how likely a model finds a text, or images')
    .requiredOption('--model <folder>', 'a run or any model folder')
    .requiredOption('--file <file>', 'a UTF-8 text; or IDX, .npy, .npz, PNG or JPEG')
    .option('--stride <n>', 'tokens between windows (half the context when absent)', wholeNumber(1))
    .option('--top <k>', 'alternatives for each token', wholeNumber(0, 50))
    .option('--elements', 'images: the log-probabilities of the first one’s sub-pixels too')
    .option(
      '--labels <file>',
      'images: their classes, an IDX file beside them or "folders"; looked for when absent',
    )
    .option('--no-labels', 'images: without a class, by a model that has classes')
    .option(
      '--condition <images>',
      'images: the pictures they are given, by a model that reads some; looked for when absent',
    )
    .action((options: ScoreOptions) => score(session, options));

  withCommonOptions(program.command('information'))
    .description('entropies, baselines, shares of the bits, mutual information by distance')
    .requiredOption('--model <folder>', 'a run or any model folder')
    .requiredOption('--file <file>', 'a UTF-8 text')
    .option('--stride <n>', 'tokens between windows (half the context when absent)', wholeNumber(1))
    .option('--seed <s>', 'of the shuffled text (1 when absent)', wholeNumber(0))
    .option('--token <n>', 'also this token, from 0, with ever shorter contexts', wholeNumber(0))
    .action((options: InformationOptions) => information(session, options));

  withCommonOptions(program.command('sample'))
    .description('text or images from a model')
    .requiredOption('--model <folder>', 'a run or any model folder')
    .option('--length <n>', 'tokens to draw; images are as large as the model’s', wholeNumber(1, 1_000_000))
    .requiredOption('--seed <s>', 'everything random follows from it', wholeNumber(0))
    .option('--prompt <text>', 'text to continue; without it the sample starts from the BOS token')
    .option('--temperature <t>', '0 takes the most likely token', number(0))
    .option('--top-k <k>', 'keep the k most likely', wholeNumber(1))
    .option('--top-p <p>', 'keep the most likely that make up this share', positiveShare)
    .option('--min-p <p>', 'keep what has this share of the most likely', number(0, 1))
    .option('--repetition-penalty <r>', 'make what stood before less likely; 1 is off', number(1))
    .option('--stop <text>', 'end once this text is written; may be given again', eachText)
    .option('--stop-at-end', 'end at the token that stands between texts')
    .option(
      '--draws <k>',
      'with --json: open every draw, its k best candidates with their noise',
      wholeNumber(1, 1000),
    )
    .addOption(
      new Option('--beam <n>', 'search for the likeliest text with n hypotheses; draws nothing')
        .argParser(wholeNumber(1, 64))
        .conflicts(['temperature', 'topK', 'topP', 'minP', 'repetitionPenalty', 'draws']),
    )
    .option(
      '--length-penalty <a>',
      'with --beam: how much longer texts are favoured; 0 is none',
      number(0, 10),
    )
    .addOption(
      new Option('--length-rule <rule>', 'with --length-penalty: ((5+n)/6)^a, or n^a').choices([
        'gnmt',
        'power',
      ]),
    )
    .option('--count <n>', 'samples to draw, or best hypotheses of a beam', wholeNumber(1, 1000))
    .option('--class <c>', 'images: the class, of a model with classes: its number from 0, or its name')
    .option('--guidance <w>', 'images: 0 without the class, 1 with it, more than it', number(-100, 100))
    .option('--inpaint <file>', 'images: keep a region of this one and draw the rest in causal order')
    .option('--keep <r0,c0,r1,c1>', 'with --inpaint: rows r0 to r1 − 1 of columns c0 to c1 − 1', regionWords)
    .option(
      '--image <n>',
      'with --inpaint: which image of the file, from 0 (the first when absent)',
      wholeNumber(0),
    )
    .option(
      '--condition <images>',
      'images: what they are drawn given, pictures or images to shrink; the run’s held-out ones when absent',
    )
    .option(
      '--condition-image <n>',
      'images: all are given this one of them, from 0; one after another when absent',
      wholeNumber(0),
    )
    .option('--out <file>', 'write the text, or the PNG, there')
    .hook('preAction', (_, called) => {
      requires(called, 'lengthPenalty', 'beam');
      requires(called, 'lengthRule', 'lengthPenalty');
      requires(called, 'draws', 'json');
      requires(called, 'keep', 'inpaint');
      requires(called, 'inpaint', 'keep');
      requires(called, 'image', 'inpaint');
    })
    .action((options: SampleOptions) => sample(session, options));

  withSubject(withCommonOptions(program.command('mask')))
    .description('what each layer may read, and what the network really reads')
    .option(
      '--length <n>',
      'positions of the matrices (32 when absent, or the context)',
      wholeNumber(1, LONGEST_MASK),
    )
    .action((options: MaskOptions) => mask(session, options));

  withSubject(withCommonOptions(program.command('reach')))
    .description('what one output sees, its blind spot, and what leaks')
    .requiredOption('--position <place>', 'R,C of an image or T of a text, from 0', placeWords)
    .option('--channel <k>', '0, 1 or 2 of an RGB image', wholeNumber(0, 2))
    .option('--measure', 'also perturb the network with random weights')
    .option(
      '--effective',
      'also what the output is sensitive to: mean |∂ log p / ∂ an input| over images, by brightness or by level',
    )
    .addOption(
      new Option('--file <images>', 'images for --effective; the run’s held-out ones without it').implies({
        effective: true,
      }),
    )
    .option('--images <n>', 'so many of them at most (64)', wholeNumber(1))
    .action((options: ReachOptions) => reach(session, options));

  withCommonOptions(program.command('gates'))
    .description('what one gated layer of a model of images lets through')
    .requiredOption('--model <folder>', 'a run or model folder of a gated family')
    .requiredOption('--layer <n>', 'which layer, from 1', wholeNumber(1))
    .option('--file <images>', 'images to look at; the run’s held-out ones without it')
    .option('--image <i>', 'only this one of them, from 0', wholeNumber(0))
    .option('--images <n>', 'so many of them at most (64)', wholeNumber(1))
    .action((options: GatesOptions) => gates(session, options));

  withSubject(withCommonOptions(program.command('check')))
    .description('leaks, cache against full forward, probabilities, finite numbers, units')
    .action((options: InspectOptions) => check(session, options));

  withCommonOptions(program.command('annotate'))
    .description('a file in the colours of its surprisal')
    .requiredOption('--model <folder>', 'a run or any model folder')
    .argument('<file>', 'a UTF-8 text')
    .action((file: string, options: AnnotateOptions) => annotate(session, file, options));

  withCommonOptions(program.command('bench'))
    .description('our speed beside PyTorch’s')
    .addArgument(
      new Argument('[name...]', 'benchmarks, by the beginning of their names').argParser(benchmarkName),
    )
    .action((names: string[], options: CommonOptions) => bench(session, names, options));

  exitByThrowing(program);
  return program;
}

/** `14,14` or `7`. */
function placeWords(word: string): number[] {
  const parts = word.split(',').map((part) => part.trim());
  if (parts.length <= 2 && parts.every((part) => /^\d{1,9}$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError(`expected R,C or T in whole numbers, got "${word}".`);
}

function regionWords(word: string): number[] {
  const parts = word.split(',').map((part) => part.trim());
  if (parts.length === 4 && parts.every((part) => /^\d{1,9}$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError(`expected r0,c0,r1,c1 in whole numbers, got "${word}".`);
}

function benchmarkName(word: string, earlier: readonly string[] = []): string[] {
  if (BENCHMARK_NAMES.some((name) => name.startsWith(word))) return [...earlier, word];
  throw new InvalidArgumentError(`expected one of ${BENCHMARK_NAMES.join(', ')}, got "${word}".`);
}

/** An option that means nothing without another one. */
function requires(command: Command, option: string, needed: string): void {
  const given = command.opts<Record<string, unknown>>();
  if (given[option] === undefined || given[needed] !== undefined) return;
  const flag = (name: string) => command.options.find((each) => each.attributeName() === name)?.long ?? name;
  command.error(`error: ${flag(option)}: expected ${flag(needed)} with it, got none`, {
    code: 'commander.missingMandatoryOptionValue',
  });
}

/** Exactly one of the two: an architecture with random weights, or a model with its own. */
function withSubject(command: Command): Command {
  return command
    .addOption(
      new Option('--spec <file>', 'a file *.arlens.json: its architecture, random weights').conflicts(
        'model',
      ),
    )
    .addOption(new Option('--model <folder>', 'a run or any model folder: its own weights'))
    .hook('preAction', (_, called) => {
      const { spec, model } = called.opts<InspectOptions>();
      if (spec === undefined && model === undefined) {
        called.error('error: expected --spec or --model, got neither', {
          code: 'commander.missingMandatoryOptionValue',
        });
      }
    });
}

/** Whether commander has already said what was wrong, and with which exit code that ends. */
export function usageExit(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? 0 : 2;
}

function exitByThrowing(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) exitByThrowing(child);
}
