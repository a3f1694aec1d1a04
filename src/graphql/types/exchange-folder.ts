/** What descriptions say of files in the folder that the server exchanges with its clients. */
export const EXCHANGED_FILES =
  'Files in the folder that the server exchanges with its clients, named from there.';
