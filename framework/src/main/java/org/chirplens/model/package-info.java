/**
 * The TensorFlow graph: patch embedding, encoder blocks with LoRA on any of their linear layers, head mask and replacement,
 * regression head; and the names of all its feeds, fetches and parameters. The semantics are those of Hugging Face's
 * {@code ViTModel}.
 */
@NullMarked
package org.chirplens.model;

import org.jspecify.annotations.NullMarked;
