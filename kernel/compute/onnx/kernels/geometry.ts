import { backend_util } from '@tensorflow/tfjs';

export interface ConvAttrs {
	readonly strides: [number, number] | number;
	readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
	readonly dataFormat?: 'NHWC' | 'NCHW';
	readonly dilations?: [number, number] | number;
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export type Geometry = backend_util.Conv2DInfo;
export type Shape4 = [number, number, number, number];

export const geometry = (
	x: readonly number[],
	filter: readonly number[],
	attrs: ConvAttrs,
	depthwise = false,
): Geometry =>
	backend_util.computeConv2DInfo(
		[...x] as Shape4,
		[...filter] as Shape4,
		attrs.strides,
		attrs.dilations ?? 1,
		attrs.pad,
		attrs.dimRoundingMode,
		depthwise,
	);

export const padsOf = ({ padInfo }: Geometry): number[] => [
	padInfo.top,
	padInfo.left,
	padInfo.bottom,
	padInfo.right,
];

export const windowOf = (info: Geometry) => ({
	strides: [info.strideHeight, info.strideWidth],
	pads: padsOf(info),
	dilations: [info.dilationHeight, info.dilationWidth],
});

/** What a transposed convolution must add at the far edge to give exactly the input's size back. */
export function outputPadding(info: Geometry): number[] {
	const { padInfo } = info;
	const reached = (out: number, stride: number, extent: number, pads: number): number =>
		(out - 1) * stride + extent - pads;
	return [
		info.inHeight -
			reached(info.outHeight, info.strideHeight, info.effectiveFilterHeight, padInfo.top + padInfo.bottom),
		info.inWidth -
			reached(info.outWidth, info.strideWidth, info.effectiveFilterWidth, padInfo.left + padInfo.right),
	];
}
