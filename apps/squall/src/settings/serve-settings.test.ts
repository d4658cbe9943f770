import { expect, test } from 'vitest'
import { toServeSettings } from './serve-settings.ts'

const setting = (where: string, value: unknown) => ({ where, value })
const token = 'x'.repeat(16)

test('a server needs nothing: it listens to this machine alone, and makes the load itself', () => {
  expect(toServeSettings({}, {})).toEqual({
    fabric: undefined,
    host: '127.0.0.1',
    port: 8089,
    allowHosts: [],
    token: undefined,
    allowTargets: [],
    packsDirectory: undefined,
    dataDirectory: 'squall-runs',
    atOnce: 1,
    keep: 100,
  })
})

test('everything it takes arrives, and what is secret comes from the environment alone', () => {
  const settings = {
    fabric: setting('SQUALL_FABRIC', 'redis://h'),
    host: setting('--host', '0.0.0.0'),
    port: setting('--port', '0'),
    allowHost: setting('--allow-host', ['squall.example.com']),
    allowTarget: setting('--allow-target', ['*.example.com']),
    packs: setting('--packs', 'packs'),
    data: setting('--data', '/runs'),
    atOnce: setting('--at-once', '2'),
    keep: setting('--keep', 5),
  }
  expect(toServeSettings(settings, { SQUALL_SERVE_TOKEN: token, SQUALL_FABRIC_SECRET: 's' })).toEqual({
    fabric: { url: 'redis://h', secret: 's' },
    host: '0.0.0.0',
    port: 0,
    allowHosts: ['squall.example.com'],
    token,
    allowTargets: ['*.example.com'],
    packsDirectory: 'packs',
    dataDirectory: '/runs',
    atOnce: 2,
    keep: 5,
  })
})

test.each(['127.0.0.1', '127.3.2.1', '::1', 'localhost'])(
  'on %s nobody but this machine calls, so no token is needed',
  (host) => {
    expect(toServeSettings({ host: setting('--host', host) }, { SQUALL_SERVE_TOKEN: '' }).host).toBe(host)
  },
)

test.each(['0.0.0.0', '::', '10.0.0.1', 'squall.example.com', '128.0.0.1'])('on %s a token is needed', (host) => {
  expect(() => toServeSettings({ host: setting('--host', host) }, {})).toThrow(
    expect.objectContaining({ code: 'SQUALL_SERVE_OPEN_TO_ALL' }) as Error,
  )
})

test('everything that is wrong is told at once, and a wrong token without the token', () => {
  for (const [wrong, expected] of [
    ['short', 'at least 16 characters, such as openssl rand -hex 32 prints'],
    [`${token} ${token}`, 'characters of ASCII without spaces'],
  ] as const)
    expect(() =>
      toServeSettings(
        { port: setting('--port', 'http'), keep: setting('--keep', 0), packs: setting('--packs', ' ') },
        { SQUALL_SERVE_TOKEN: wrong },
      ),
    ).toThrow(
      expect.objectContaining({
        problems: expect.arrayContaining([
          { where: '--port', value: 'http', expected: 'a whole number from 0 to 65535' },
          { where: '--keep', value: 0, expected: 'a whole number from 1 to 1000' },
          { where: '--packs', value: ' ', expected: 'text that is not empty' },
          { where: 'SQUALL_SERVE_TOKEN', expected },
        ]) as unknown,
      }) as Error,
    )
})
