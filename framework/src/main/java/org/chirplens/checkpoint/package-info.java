/**
 * Models on disk: safetensors, PyTorch's state dicts, the mapping between Hugging Face's, PEFT's and our parameter
 * names, model directories, and SavedModel export. Loading is strict: every missing, unexpected, misshapen or non-finite
 * tensor is listed by the file's own name, and nothing is ever left at a random value.
 *
 * <p>Start at {@link org.chirplens.checkpoint.ModelDirectory}, which reads and writes a
 * {@link org.chirplens.checkpoint.TrainedModel}. It is made of {@link org.chirplens.checkpoint.Backbone} (any Hugging
 * Face ViT), {@link org.chirplens.checkpoint.PeftAdapter}, {@link org.chirplens.checkpoint.RegressionHead} and the
 * {@link org.chirplens.checkpoint.ModelCard}. {@link org.chirplens.checkpoint.ReleasedCheckpoint} is the same model in
 * the one file of the released training script. {@link org.chirplens.checkpoint.SavedModelExport} and
 * {@link org.chirplens.checkpoint.MergedSafetensors} write it for others. {@link
 * org.chirplens.checkpoint.Safetensors} and {@link org.chirplens.checkpoint.Npy} read arrays of any kind.
 *
 * <p>{@code ParameterNames} maps the names of one file to ours, and {@code PositionEmbeddings} gives a backbone another
 * image size. {@code PeftSettings} reads an adapter's settings, and {@code PeftModules} applies them by PEFT's rules,
 * with Python's regular expressions ({@code PythonPattern}). What is read and refused is listed in
 * {@code docs/loading-models.md}.
 *
 * <p>{@link org.chirplens.checkpoint.TorchFile} reads what {@code torch.save} wrote ({@code .pth},
 * {@code pytorch_model.bin}). Its containers are {@code TorchArchive}, a zip archive whose rules {@code ZipDirectory}
 * checks, and {@code TorchLegacy}; in both, {@code TensorPickle} interprets the pickle, and {@code TensorGlobal} lists
 * what it may name. {@code TensorFiles} finds a model's tensors in any of these files, or in several with their
 * {@code ShardIndex}.
 *
 * <p>Whatever is written appears whole or not at all: under a temporary name beside its place, then moved. Files that
 * are read may come from anywhere, so what they claim is checked before memory is taken for it.
 */
@NullMarked
package org.chirplens.checkpoint;

import org.jspecify.annotations.NullMarked;
