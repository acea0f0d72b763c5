import { debuglog } from 'node:util';

/** Written to stderr with `NODE_DEBUG=assay-compute`: kernels that fell back, graphs that were compiled. */
export const debug = debuglog('assay-compute');
