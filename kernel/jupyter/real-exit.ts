/** Ends the process, whatever cells have been told about `process.exit`. */
export const realExit: (code: number) => never = process.exit.bind(process);
