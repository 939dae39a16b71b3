// A command that did its work and found something wrong: everything has been printed, and the exit code is 1.

export class Finding extends Error {
  override readonly name = 'Finding';
}
