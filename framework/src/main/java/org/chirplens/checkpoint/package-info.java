/**
 * Models on disk: safetensors, the mapping between Hugging Face's, PEFT's and our parameter names, model directories,
 * and SavedModel export. Loading is strict: every missing, unexpected or misshapen tensor is listed, and nothing is
 * ever left at a random value.
 */
@NullMarked
package org.chirplens.checkpoint;

import org.jspecify.annotations.NullMarked;
