// What a view shows, as data: columns with names to CSV and JSON. Must not know views or the clipboard.

export interface DataColumn {
  /** With its unit: 'validation (bits/byte)'. */
  readonly name: string;
  readonly values: ArrayLike<number | string | null>;
}

/** RFC 4180 quoting, `\n` line ends; what is not a number (or not finite) is left empty. */
export function toCsv(columns: readonly DataColumn[]): string {
  const rows = Math.max(0, ...columns.map((column) => column.values.length));
  const lines = [columns.map((column) => quote(column.name)).join(',')];
  for (let row = 0; row < rows; row++) {
    lines.push(columns.map((column) => cell(column.values[row])).join(','));
  }
  return lines.join('\n') + '\n';
}

/** `about` first, then each table as an array of columns. Numbers that JSON cannot hold become null. */
export function toJson(about: object, tables: Readonly<Record<string, readonly DataColumn[]>>): string {
  const written = Object.entries(tables).map(([name, columns]) => [
    name,
    Object.fromEntries(columns.map((column) => [column.name, Array.from(column.values)])),
  ]);
  return JSON.stringify({ ...about, ...Object.fromEntries(written) }, null, 1);
}

function cell(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return quote(value);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
