// Finds the node that runs engines: the setting's, else the one on PATH, else the editor's own. No vscode.
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';

const OLDEST = 20;

export interface NodeChoice {
  readonly executable: string;
  readonly version: string;
  /** The editor's own executable is Electron, which must be told to behave as node. */
  readonly electron: boolean;
  /** Which node it is and why, one sentence. */
  readonly sentence: string;
}

export interface NodeSearch {
  readonly setting?: string | undefined;
  readonly searchPath?: string | undefined;
  /** The host's own executable and versions. */
  readonly own: {
    readonly executable: string;
    readonly node: string;
    readonly electron?: string | undefined;
  };
}

export async function findNode(search: NodeSearch): Promise<NodeChoice> {
  const refused: string[] = [];
  const setting = search.setting?.trim() ?? '';
  if (setting !== '') {
    const version = await nodeVersion(setting);
    if (isRecent(version)) {
      return {
        executable: setting,
        version,
        electron: false,
        sentence: `Node ${version}, as the setting says.`,
      };
    }
    refused.push(`the setting's ${setting} ${notUsable(version)}`);
  }
  for (const executable of await nodesOnPath(search.searchPath ?? '')) {
    const version = await nodeVersion(executable);
    if (isRecent(version)) {
      const sentence = `Node ${version} from PATH (${executable})${because(refused)}.`;
      return { executable, version, electron: false, sentence };
    }
    refused.push(`${executable} ${notUsable(version)}`);
  }
  if (refused.length === 0 || (refused.length === 1 && setting !== '')) refused.push('PATH has no node');
  const electron = search.own.electron !== undefined;
  return {
    executable: search.own.executable,
    version: search.own.node,
    electron,
    sentence: `The editor's own Node ${search.own.node}${electron ? ' (Electron)' : ''}${because(refused)}.`,
  };
}

async function nodesOnPath(searchPath: string): Promise<string[]> {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found: string[] = [];
  for (const folder of searchPath.split(path.delimiter)) {
    // A relative entry would mean a program in whatever folder is open.
    if (!path.isAbsolute(folder)) continue;
    const candidate = path.join(folder, name);
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable && !found.includes(candidate)) found.push(candidate);
  }
  return found;
}

/** undefined when it is no node. */
function nodeVersion(executable: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(executable, ['--version'], { timeout: 3000, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? /^v(\d+\.\d+\.\d+\S*)/.exec(stdout.trim())?.[1] : undefined);
    });
  });
}

function isRecent(version: string | undefined): version is string {
  return version !== undefined && Number.parseInt(version, 10) >= OLDEST;
}

function notUsable(version: string | undefined): string {
  return version === undefined ? 'is not a working node' : `is Node ${version}, older than ${OLDEST}`;
}

function because(refused: readonly string[]): string {
  return refused.length === 0 ? '' : `, because ${refused.join(' and ')}`;
}
