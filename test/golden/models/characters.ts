// The thirty-nine characters of the models that make.py makes: with <bos> and <unk> their vocabulary is 41.
export const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789 .\n';
