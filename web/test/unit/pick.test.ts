import { describe, expect, test } from 'vitest';
import { pickedOf } from '../../src/imports/pick';

const file = (path: string): File => ({ name: path.split('/').at(-1), webkitRelativePath: path }) as File;

describe('what is picked', () => {
  test('keeps the folders it lies in', () => {
    expect(pickedOf([file('phone/Recordings/a.m4a')]).map(({ path }) => path)).toEqual(['phone/Recordings/a.m4a']);
    expect(pickedOf([{ name: 'a.m4a', webkitRelativePath: '' } as File])[0]!.path).toBe('a.m4a');
  });
  test('leaves out what file managers leave behind', () => {
    expect(pickedOf(['.DS_Store', 'a/.git/x', 'a/Thumbs.db', 'a/b.amr'].map(file)).map(({ path }) => path)).toEqual([
      'a/b.amr',
    ]);
  });
});
