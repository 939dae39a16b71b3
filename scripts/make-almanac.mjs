// Writes examples/workspace/almanac.txt: plain English notes about water, weather and kitchens, from a small grammar.
// `node scripts/make-almanac.mjs`; the same file every time. Regular enough for a small model to learn its words,
// its sentences and a few facts (hills boil water sooner), so that a wrong word in a note stands out.
import { writeFile } from 'node:fs/promises';
import { importTypescript } from './lib/importTypescript.mjs';

const { Rng } = await importTypescript(new URL('../src/math/rng.ts', import.meta.url));
const random = new Rng(20);
const LENGTH = 120_000;

const words = {
  vessel: ['kettle', 'pot', 'pan'],
  place: ['harbour', 'village', 'valley', 'lighthouse', 'mountain hut', 'farm'],
  high: ['the mountain hut', 'the high pass', 'the upper farm'],
  low: ['the harbour', 'the coast', 'the river mouth'],
  water: ['the river', 'the lake', 'the sea', 'the well', 'the stream'],
  calm: ['calm', 'grey', 'clear', 'cold', 'still', 'dark'],
  wind: ['north', 'south', 'east', 'west'],
  time: ['in the morning', 'at noon', 'in the evening', 'at night'],
  season: ['spring', 'summer', 'autumn', 'winter'],
  food: ['beans', 'rice', 'potatoes', 'lentils', 'eggs'],
  drink: ['tea', 'coffee', 'soup'],
  person: ['The cook', 'The keeper', 'The old sailor', 'My neighbour', 'The baker'],
  weather: ['rain', 'snow', 'fog', 'frost'],
  bird: ['gulls', 'geese', 'swallows'],
};
const one = (name) => words[name][random.integer(words[name].length)];
const number = (from, to) => from + random.integer(to - from + 1);
/** The boiling point falls by about one degree for every 300 metres. */
const climb = () => 300 * number(1, 9);
const boiling = (metres) => 100 - metres / 300;

const facts = [
  () => 'At sea level water boils at 100 degrees Celsius.',
  () => 'Water freezes at 0 degrees Celsius.',
  () => {
    const metres = climb();
    return `At ${metres} metres water boils at ${boiling(metres)} degrees Celsius.`;
  },
  () => 'The boiling point falls by about one degree for every 300 metres of climb.',
  () => 'Water boils when the pressure of its vapour equals the pressure around it.',
  () => 'A lid keeps the steam in, and the pressure does the rest.',
  () => `${one('person')} says that a ${one('vessel')} on a mountain sings sooner.`,
  () => `On the coast the ${one('food')} take an hour, but at ${one('high')} they take two.`,
  () => `Tea made at ${one('high')} tastes thin, because the water is never hot enough.`,
  () => 'Salt water freezes later than fresh water.',
  () => 'Ice floats because it is lighter than water.',
  () => 'Deep in the ocean the water is hot and does not boil, because the pressure is too high.',
  () => 'The tide comes in twice a day and goes out twice a day.',
  () => 'Steam is water that has found the room to become a gas.',
];
const events = [
  () => `The wind came from the ${one('wind')} and ${one('water')} was ${one('calm')}.`,
  () =>
    `There was ${one('weather')} ${one('time')}, and ${one('water')} was ${one('calm')} and ${one('calm')}.`,
  () => `${one('person')} filled the ${one('vessel')} with water from ${one('water')}.`,
  () => `${one('person')} put the ${one('vessel')} on the fire and made ${one('drink')}.`,
  () => `The ${one('vessel')} took ${number(3, 9)} minutes to boil.`,
  () => `The ${one('bird')} flew over the ${one('place')} ${one('time')}.`,
  () => `It was ${number(2, 28)} degrees Celsius at ${one('low')}.`,
  () => `We cooked ${one('food')} at ${one('high')} and they took an hour and ${number(2, 5) * 10} minutes.`,
  () => `In ${one('season')} the ${one('place')} is ${one('calm')} ${one('time')}.`,
  () => `${one('person')} closed the lid and waited for the steam.`,
];
const titles = [
  'Boiling',
  'Freezing',
  'The tide',
  'The kettle',
  'Weather',
  'The kitchen',
  'The mountain',
  'The sea',
];

/** One sentence on a line, so that the bits at a line's end are the sentence's. */
function paragraph() {
  const pick = () =>
    random.uniform() < 0.55 ? facts[random.integer(facts.length)] : events[random.integer(events.length)];
  const sentences = [];
  for (let wanted = number(3, 6); sentences.length < wanted;) {
    const sentence = pick()();
    if (!sentences.includes(sentence)) sentences.push(sentence);
  }
  return sentences.join('\n');
}

let text = '';
while (text.length < LENGTH) {
  text += `# ${titles[random.integer(titles.length)]}\n\n`;
  for (let paragraphs = number(2, 3); paragraphs > 0; paragraphs--) text += `${paragraph()}\n\n`;
}
await writeFile(new URL('../examples/workspace/almanac.txt', import.meta.url), text);
console.log(`${text.length} characters`);
