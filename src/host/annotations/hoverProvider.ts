// The hover: finds the token under the pointer and hands its numbers to hoverMarkdown.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { modelName } from '../explorer/runFolders';
import type { AnnotationController } from './controller';
import { commandUri, hoverMarkdown, type HoverToken } from './hoverMarkdown';
import type { AnnotationSession } from './session';
import { themeKind } from './themeKind';
import { tokenEnd, tokenStart, type TokenChunk } from './tokenChunk';

/** More bytes than a character has would mean tokens that only claim to share a place. */
const MOST_PARTS = 8;

export class LikelihoodHover implements vscode.HoverProvider {
  constructor(private readonly controller: AnnotationController) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const session = this.controller.session(document);
    const summary = session?.summary;
    if (session === undefined) return undefined;
    const offset = document.offsetAt(position);
    const parts = tokensAt(session, offset);
    const head = parts[0];
    if (head === undefined) return undefined;
    const text = new vscode.MarkdownString(
      hoverMarkdown({
        parts: parts.map((part) => part.token),
        vocabulary: summary?.vocabulary ?? NaN,
        model: modelName(session.model),
        badge: summary?.likelihood ?? 'exact',
        theme: themeKind(),
        stale: session.stale && summary !== undefined,
        continueFrom: (part, alternative) =>
          part > 0 || !isText(alternative) || session.stale
            ? undefined
            : commandUri(COMMANDS.continueFrom, document.uri.toString(), head.start, alternative),
      }),
    );
    text.isTrusted = { enabledCommands: [COMMANDS.continueFrom] };
    return new vscode.Hover(
      text,
      new vscode.Range(document.positionAt(head.start), document.positionAt(head.end)),
    );
  }
}

interface PlacedToken {
  readonly start: number;
  readonly end: number;
  readonly token: HoverToken;
}

/** The token at an offset, or all tokens of the character there. */
function tokensAt(session: AnnotationSession, offset: number): PlacedToken[] {
  const found: PlacedToken[] = [];
  const index = session.layers.for(offset, offset + 1);
  index?.visit(offset, offset + 1, (chunk, row) => {
    const [start, end] = [tokenStart(chunk, row), tokenEnd(chunk, row)];
    if (found.length > 0 && (found[0]?.start !== start || found[0].end !== end)) return false;
    found.push({ start, end, token: hoverToken(session, chunk, row) });
    return found.length < MOST_PARTS;
  });
  return found;
}

function hoverToken(session: AnnotationSession, chunk: TokenChunk, row: number): HoverToken {
  const { scores } = chunk;
  const id = scores.id[row] ?? -1;
  const { top } = scores;
  return {
    id,
    text: session.textOf(id),
    token: scores.from + row,
    tokens: session.summary?.tokens ?? scores.from + chunk.high,
    logProb: scores.logProb[row] ?? NaN,
    entropy: scores.entropy[row] ?? NaN,
    rank: scores.rank[row] ?? NaN,
    alternatives: Array.from({ length: top }, (_, i) => {
      const alternative = scores.topId[row * top + i] ?? -1;
      return {
        id: alternative,
        text: session.textOf(alternative),
        logProb: scores.topLogProb[row * top + i] ?? NaN,
      };
    }).filter((each) => Number.isFinite(each.logProb)),
  };
}

/** A lone byte of a character, and the tokens that stand for no text, cannot be put after a prompt. */
const isText = (text: string): boolean => text !== '' && !/^\\x[0-9A-F]{2}$|^<(bos|unk)>$/.test(text);
