import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { type ComposedKernel, composed } from '../../composed/composed-kernel.ts';
import { type ConvAttrs, geometry } from './convolution.ts';
import { onHeap } from './heap.ts';
import { loopsOf, pointer } from './loops.ts';
import { visitRuns } from './windows.ts';

type Shape4 = [number, number, number, number];

const byFilter = composed<ConvAttrs & { readonly filterShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropFilter',
	run: (tf, { x, dy }, attrs) => {
		const info = geometry(tf, (x as Tensor4D).shape, attrs.filterShape, attrs, true);
		const { inChannels: channels, outChannels } = info;
		const multiplier = outChannels / channels;
		const step = info.strideWidth * channels;
		const loops = loopsOf(tf);
		return onHeap(tf, attrs.filterShape, [x as Tensor, dy as Tensor], (out, source, gradient) => {
			visitRuns(info, (input, position, count, tap) => {
				if (multiplier === 1) {
					const [from, at] = [pointer(source, input * channels), pointer(gradient, position * channels)];
					const sums = pointer(out, tap * channels);
					loops.addProducts(sums, from, 4 * step, at, 4 * channels, count, channels);
					return;
				}
				for (let c = 0; c < outChannels; c++) {
					let sum = 0;
					let from = input * channels + Math.floor(c / multiplier);
					let at = position * outChannels + c;
					for (let i = 0; i < count; i++, from += step, at += outChannels)
						sum += (source[from] as number) * (gradient[at] as number);
					out[tap * outChannels + c] = (out[tap * outChannels + c] as number) + sum;
				}
			});
		});
	},
});

const byInput = composed<ConvAttrs & { readonly inputShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropInput',
	run: (tf, { dy, filter }, attrs) => {
		const info = geometry(tf, attrs.inputShape, (filter as Tensor4D).shape, attrs, true);
		const { inChannels: channels, outChannels } = info;
		const multiplier = outChannels / channels;
		const step = info.strideWidth * channels;
		const loops = loopsOf(tf);
		return onHeap(tf, attrs.inputShape, [dy as Tensor, filter as Tensor], (out, gradient, weights) => {
			visitRuns(info, (input, position, count, tap) => {
				if (multiplier === 1) {
					const [to, at] = [pointer(out, input * channels), pointer(gradient, position * channels)];
					const by = pointer(weights, tap * channels);
					loops.addWeighted(to, 4 * step, at, 4 * channels, by, count, channels);
					return;
				}
				for (let c = 0; c < outChannels; c++) {
					const weight = weights[tap * outChannels + c] as number;
					let to = input * channels + Math.floor(c / multiplier);
					let at = position * outChannels + c;
					for (let i = 0; i < count; i++, to += step, at += outChannels)
						out[to] = (out[to] as number) + weight * (gradient[at] as number);
				}
			});
		});
	},
});

export const depthwiseGradients: readonly ComposedKernel[] = [byFilter, byInput];
