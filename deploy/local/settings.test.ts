import { legacyPorts } from './nginx.mts';
import { instancesOf, services } from './services.mts';
import { integer, onOff, readStack } from './settings.mts';

describe('the settings of a stack', () => {
  it('are those of the only stack when nothing is said', () => {
    expect(readStack({}, '/shop')).toMatchObject({ name: 'main', home: '/shop/.local/main', portOffset: 0 });
  });

  it('keep a second stack apart, in its folder and on its ports', () => {
    const stack = readStack({ STACK: 'second', PORT_OFFSET: '20000' }, '/shop');
    expect(stack.home).toBe('/shop/.local/second');
    const ports = services.flatMap((service) => instancesOf(service, stack)).map(({ port }) => port);
    expect(ports).toEqual(services.map(({ port }) => port + 20_000));
  });

  it.each(['../other', 'kafka', 'backups', 'docker', 'node_modules', 'Main', '-x', 'a b'])(
    'refuse the name %s',
    (STACK) => {
      expect(() => readStack({ STACK })).toThrow(`STACK=${STACK}`);
    },
  );

  it.each(['-1', '1e3', 'x', '46443', '2000', '3000'])('refuse the offset %s', (PORT_OFFSET) => {
    expect(() => readStack({ PORT_OFFSET })).toThrow(`PORT_OFFSET=${PORT_OFFSET}`);
  });

  it('say what to write instead of a word that is neither on nor off', () => {
    expect(onOff({}, 'RATE_LIMITS', false)).toBe(false);
    expect(onOff({ RATE_LIMITS: 'on' }, 'RATE_LIMITS', false)).toBe(true);
    expect(() => onOff({ RATE_LIMITS: 'yes' }, 'RATE_LIMITS', false)).toThrow('RATE_LIMITS=yes: write on or off');
    expect(() => integer({ BURST: '1.5' }, 'BURST', 60)).toThrow('BURST=1.5: write a whole number');
  });
});

describe('several instances of a service', () => {
  const notifications = services.filter(({ name }) => name === 'notifications');
  const instances = (count: string) =>
    notifications.flatMap((service) => instancesOf(service, readStack({ NOTIFICATIONS_INSTANCES: count })));

  it('stand a hundred ports apart', () => {
    expect(instances('3').map(({ name, port }) => `${name} ${port}`)).toEqual([
      'notifications 8084',
      'notifications-2 8184',
      'notifications-3 8284',
    ]);
  });

  it('are at least one', () => {
    expect(() => instances('0')).toThrow('NOTIFICATIONS_INSTANCES=0');
  });
});

describe('the ports of the older point systems', () => {
  const ports = (env: Readonly<Record<string, string>>) => legacyPorts(readStack(env)).map(({ port }) => port);

  it('are there only for who asks, moved with the stack, or where they are wanted', () => {
    expect(ports({})).toEqual([]);
    expect(ports({ LEGACY_PORTS: '0' })).toEqual([]);
    expect(ports({ LEGACY_PORTS: '1' })).toEqual([31_001, 8001]);
    expect(ports({ LEGACY_PORTS: '1', PORT_OFFSET: '100' })).toEqual([31_101, 8101]);
    expect(ports({ LEGACY_PORTS: '4001,4002', PORT_OFFSET: '100' })).toEqual([4001, 4002]);
  });

  it.each(['on', '31001', '1,2,3', '0,1', '4001,70000'])('refuse %s', (LEGACY_PORTS) => {
    expect(() => ports({ LEGACY_PORTS })).toThrow(`LEGACY_PORTS=${LEGACY_PORTS}: write 1, or two ports`);
  });
});
