// Families of models and layers of networks register themselves when they are loaded.
import '../../models/lm/dpo-family.ts';
import '../../models/lm/language-model-family.ts';
import '../../models/lm/preference-family.ts';
import '../../models/lm/value-head-family.ts';
import '../../nets/layers/index.ts';
import '../../nets/models/autoencoder.ts';
import '../../nets/models/classifier.ts';
import '../../nets/models/vqvae.ts';
