/**
 * The model of this project in other libraries: written as an ONNX file for ONNX Runtime, and operation by operation for
 * PyTorch. The {@code bench} command finds them on the class path, checks that their predictions are ours and measures
 * them.
 */
@NullMarked
package org.chirplens.peers;

import org.jspecify.annotations.NullMarked;
