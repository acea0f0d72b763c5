/** Ids of elements on the page. Names in programs are words, but a plan may come from anywhere. */
export const anchorOf = (id: string): string => `v-${id.replace(/[^\w.-]/g, '_')}`;

export const lineAnchor = (line: number): string => `L${line}`;
