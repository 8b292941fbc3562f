/** As much of it as we call: it comes without types. */
declare module 'openapi-to-postmanv2' {
  const converter: {
    convertV2(
      input: { readonly type: 'string'; readonly data: string },
      options: { readonly folderStrategy: 'Tags' | 'Paths' },
      done: (
        error: Error | null,
        result: {
          readonly result: boolean;
          readonly reason?: string;
          readonly output?: readonly { readonly data: import('./postman.mts').Folder }[];
        },
      ) => void,
    ): void;
  };
  export default converter;
}
