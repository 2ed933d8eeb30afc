import { describe, expect, test } from 'vitest';
import { albumPath, callPath, personPath, routeOf, startOfCall } from '../../src/router/routes';

const id = '20260503T120000Z-0a1b2c';

describe('addresses', () => {
  test('mean pages', () => {
    expect(
      [
        '/',
        '/gesprekken',
        '/mensen/',
        '/zoeken',
        '/bewaard',
        '/accounts',
        '/logboek',
        '/instellingen',
        '/opzetten',
        '/in-bewaring',
        '/nu',
        '/albums',
        '/beheer',
        '/bewaartermijnen',
        '/programmas',
        '/controle',
        '/beveiliging',
      ].map((path) => routeOf(path).page),
    ).toEqual([
      'calls',
      'calls',
      'people',
      'search',
      'kept',
      'accounts',
      'log',
      'settings',
      'set-up',
      'safekeeping',
      'live',
      'albums',
      'house',
      'retention',
      'programs',
      'check',
      'security',
    ]);
    expect(routeOf(albumPath('m 1'))).toEqual({ page: 'album', album: 'm 1' });
    expect(routeOf(`/gesprek/${id}`)).toEqual({ page: 'call', call: id });
    expect(routeOf(personPath('a b/c'))).toEqual({ page: 'person', person: 'a b/c' });
    expect(routeOf('/deel/abc-DEF_1')).toEqual({ page: 'shared', secret: 'abc-DEF_1' });
  });
  test('that are none of ours lead nowhere', () => {
    for (const path of [
      '/gesprek',
      '/gesprek/',
      '/gesprek/..',
      '/gesprek/x',
      `/gesprek/${id}/more`,
      '/deel/%E0%A4%A',
      '/__proto__',
      '/constructor',
      '//evil.example',
    ]) {
      expect(routeOf(path).page, path).toBe('not-found');
    }
  });
  test('a link to a second of a call carries whole seconds', () => {
    expect([callPath(id), callPath(id, 63_900), callPath(id, 0)]).toEqual([
      `/gesprek/${id}`,
      `/gesprek/${id}?t=63`,
      `/gesprek/${id}`,
    ]);
  });
  test('a call’s name tells when it began', () => {
    expect(startOfCall(id).toISOString()).toBe('2026-05-03T12:00:00.000Z');
  });
});
