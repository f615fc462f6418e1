export interface RoleMetadata {
  readonly name: string;
  readonly superuser: boolean;
  readonly login: boolean;
  /** bcrypt-like salted hash; never a plain password. */
  readonly saltedHash: string | null;
  readonly memberOf: ReadonlySet<string>;
  /** Options of CREATE ROLE that are kept as given (ACCESS TO DATACENTERS, OPTIONS…). */
  readonly options: ReadonlyMap<string, string>;
  /** Granted permissions by resource name (`data/ks/table`, `roles/r`, `functions/ks/f[…]`). */
  readonly permissions: ReadonlyMap<string, ReadonlySet<string>>;
}
