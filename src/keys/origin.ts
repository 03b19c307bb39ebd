/** Where a key comes from. What a person wrote names a server that this person chose; what a file says does not. */
export type Origin = { readonly from: 'person' } | { readonly from: 'file'; readonly file: string };
