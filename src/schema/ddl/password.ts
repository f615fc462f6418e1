import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

const COST = 16_384;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** What jBcrypt writes: the hashes that HASHED PASSWORD takes. */
const BCRYPT = /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/;

/** A salted hash of the password: `$scrypt$COST$SALT$HASH`, both in base64. */
export function hashPassword(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const hash = scryptSync(password, salt, HASH_BYTES, { N: COST });
  return `$scrypt$${COST}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** False also for bcrypt hashes, which nothing here can compute: such a role must be given a new password. */
export function verifyPassword(password: string, saltedHash: string): boolean {
  const match = /^\$scrypt\$(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/.exec(saltedHash);
  if (match === null) return false;
  const expected = Buffer.from(match[3], 'base64');
  const actual = scryptSync(password, Buffer.from(match[2], 'base64'), expected.length, { N: Number(match[1]) });
  return timingSafeEqual(expected, actual);
}

export function isPasswordHash(text: string): boolean {
  return BCRYPT.test(text) || text.startsWith('$scrypt$');
}
