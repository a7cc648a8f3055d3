/** How a provider's addresses are signed. */
export interface Signer {
  readonly name: string;
  /** Whether an address is the provider's and not signed yet. */
  readonly matches: (href: URL) => boolean;
  /** The address by which it can be read for a while. */
  readonly sign: (href: URL) => Promise<string>;
}
