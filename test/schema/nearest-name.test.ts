import { expect, test } from 'vitest';
import { didYouMean, nearestName } from '../../src/schema/nearest-name.ts';

test.each([
  ['poeple', ['people', 'places'], 'people'],
  ['PEOPLE', ['people'], 'people'],
  ['usr', ['users', 'user'], 'user'],
  ['xyz', ['people', 'places'], undefined],
  ['people', [], undefined],
  ['nope', ['home', 'name'], undefined],
  ['x', ['u'], undefined],
  ['gc_grace', ['gc_grace_seconds', 'gc_grace_seconds_or_so'], 'gc_grace_seconds'],
])('%s among %j is %s', (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
});

test('suggests in words', () => {
  expect(didYouMean('poeple', ['people'])).toBe('did you mean "people"?');
  expect(didYouMean('people', ['quite', 'other'])).toBeUndefined();
});
