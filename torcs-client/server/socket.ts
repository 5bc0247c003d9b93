import { type LookupOneOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised';

/**
 * A UDP socket of the family that the address `host` is of, whose `send` hands a datagram to the kernel at once. Node
 * looks every address up, even one in numbers, and sends a moment later: slower, and too late right before a close.
 */
export function createDirectSocket(host: string): SocketAsPromised {
  return DgramAsPromised.createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    lookup(hostname: string, options: LookupOneOptions, callback): void {
      const family = isIP(hostname);
      if (family === 0) lookup(hostname, options, callback);
      else callback(null, hostname, family);
    },
  });
}
